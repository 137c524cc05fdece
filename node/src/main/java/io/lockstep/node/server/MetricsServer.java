package io.lockstep.node.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lockstep.gateway.limits.StalledSession;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The Prometheus endpoint: /metrics and /health, on loopback, one request at a time on a thread of its own. */
final class MetricsServer implements AutoCloseable {
    private static final String PREFIX = "lockstep_";
    private static final int BACKLOG = 16;
    private static final int OK = 200;
    private static final int METHOD_NOT_ALLOWED = 405;

    private final HttpServer server;
    private final ExecutorService executor;

    private MetricsServer(final HttpServer server, final ExecutorService executor) {
        this.server = server;
        this.executor = executor;
    }

    /**
     * Starts to listen.
     *
     * @param address loopback; port 0 picks one
     * @param status what to show
     * @return a running server
     */
    static MetricsServer start(final InetSocketAddress address, final NodeStatus status) {
        try {
            final HttpServer server = HttpServer.create(address, BACKLOG);
            final ExecutorService executor = Executors.newSingleThreadExecutor(task -> daemon(task));
            server.createContext("/metrics", exchange -> answer(exchange, prometheus(status)));
            server.createContext("/health", exchange -> answer(exchange, "ok\n"));
            server.setExecutor(executor);
            server.start();
            return new MetricsServer(server, executor);
        } catch (final IOException e) {
            throw new CliException(
                    ExitCode.BIND_FAILED, "cannot listen for metrics on " + address + ": " + e.getMessage(), e);
        }
    }

    private static Thread daemon(final Runnable task) {
        final Thread thread = new Thread(task, "lockstep-metrics");
        thread.setDaemon(true);
        return thread;
    }

    private static void answer(final HttpExchange exchange, final String text) throws IOException {
        try (exchange) {
            if (!"GET".equals(exchange.getRequestMethod())) {
                exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, -1);
                return;
            }
            final byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(OK, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private static String prometheus(final NodeStatus status) {
        final StringBuilder text = new StringBuilder(8_192);
        final StringBuilder labels = new StringBuilder();
        status.show(new StatusValues() {
            @Override
            public void number(final String name, final Kind kind, final String help, final long value) {
                final String type = kind.name().toLowerCase(Locale.ROOT);
                text.append("# HELP ")
                        .append(PREFIX)
                        .append(name)
                        .append(' ')
                        .append(help)
                        .append('\n');
                text.append("# TYPE ")
                        .append(PREFIX)
                        .append(name)
                        .append(' ')
                        .append(type)
                        .append('\n');
                text.append(PREFIX).append(name).append(' ').append(value).append('\n');
            }

            @Override
            public void text(final String name, final String value) {
                labels.append(labels.length() == 0 ? "" : ",").append(name).append("=\"");
                labels.append(escaped(value)).append('"');
            }
        });
        stalled(status, text);
        text.append("# HELP ").append(PREFIX).append("info what the node is\n");
        text.append("# TYPE ").append(PREFIX).append("info gauge\n");
        return text.append(PREFIX)
                .append("info{")
                .append(labels)
                .append("} 1\n")
                .toString();
    }

    /** The few worst, so that their labels are few. */
    private static void stalled(final NodeStatus status, final StringBuilder text) {
        final String name = PREFIX + "stalled_subscriber_behind";
        text.append("# HELP ").append(name).append(" sequences that wait for one of the worst stalled subscribers\n");
        text.append("# TYPE ").append(name).append(" gauge\n");
        for (final StalledSession each : status.stalled()) {
            text.append(name).append("{principal=\"").append(escaped(each.principal()));
            text.append("\",database=\"").append(escaped(each.database()));
            text.append("\",session=\"").append(each.sessionId()).append("\"} ");
            text.append(each.behind()).append('\n');
        }
    }

    private static String escaped(final String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
