package io.lockstep.node.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientException;
import io.lockstep.client.TlsOptions;
import io.lockstep.codec.ErrorCode;
import io.lockstep.node.cli.BuildVersion;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.Credentials;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import io.lockstep.node.cli.LogText;
import io.lockstep.node.cli.Unreached;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks a node how it is. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Asks a node how it is.")
public final class StatusCommand implements Callable<Integer> {
    private static final long CONNECT_TIMEOUT_MS = 5_000;

    /** Begins the counters of what clients were refused with, by error code. */
    private static final String REFUSED = "refused_";

    /** Those of them that belong to the course of things: a client asks whether something is there. */
    private static final List<String> NOT_THERE =
            List.of("refused_unknown_database_total", "refused_no_snapshot_total", "refused_checkpoint_refused_total");

    /** Counters that tell that a limit was met or something went wrong; shown apart when they are not zero. */
    private static final List<String> LIMITS = List.of(
            "sessions_refused_total",
            "malformed_total",
            "auth_failures_total",
            "not_permitted_total",
            "rate_limited_total",
            "window_exceeded_total",
            "ring_full_total",
            "ring_refusals_total",
            "space_refused_total",
            "handshake_timeouts_total",
            "heartbeat_timeouts_total",
            "stalled_total",
            "tokens_ended_total",
            "resets_total",
            "connection_errors_total",
            "unexpected_total",
            "token_file_errors_total",
            "buffers_refused_total",
            "uploads_refused_total",
            "snapshot_failures_total",
            "poison_sets",
            "poison_refusals_total",
            "clock_step_alarm");

    @Option(names = "--from", paramLabel = "HOST:PORT", required = true, description = "where the node listens")
    private String from;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "bearer token with the admin permission (default: LOCKSTEP_TOKEN of the environment)")
    private String token = "";

    @Option(
            names = "--tls-trust",
            paramLabel = "FILE",
            description = "speak TLS 1.3 and trust these certificates (PEM)")
    private Path tlsTrust;

    @Option(names = "--json", description = "as one JSON object")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public StatusCommand() {}

    @Override
    public Integer call() throws IOException {
        final Map<String, Object> values = ask();
        final PrintWriter out = spec.commandLine().getOut();
        out.print(json ? jsonOf(values) : tableOf(values));
        out.flush();
        return ExitCode.OK.code();
    }

    private Map<String, Object> ask() {
        final HostPort address;
        try {
            address = HostPort.parse(from);
        } catch (final IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, "--from: " + e.getMessage(), e);
        }
        final String shown = Credentials.token(token, System.getenv());
        final ClientContext context = new ClientContext()
                .addresses(address.toString())
                .token(shown)
                .clientName("lockstep-status " + BuildVersion.version())
                .connectTimeoutMs(CONNECT_TIMEOUT_MS);
        if (tlsTrust != null) {
            context.tls(TlsOptions.trusting(Credentials.trust(tlsTrust)));
        }
        try (BlockingClient client = BlockingClient.connect(context)) {
            return client.status();
        } catch (final ClientException e) {
            if (e.code() == ErrorCode.AUTHENTICATION_FAILED.value() && shown.isEmpty()) {
                throw new CliException(
                        ExitCode.NODE_REFUSED,
                        "the node at " + address + " refused: AUTHENTICATION_FAILED: " + Credentials.NO_TOKEN,
                        e);
            }
            final String reason = LogText.safe(String.valueOf(e.getMessage()));
            if (tlsTrust != null && Unreached.isCertificate(reason)) {
                throw Unreached.certificate(address, tlsTrust, reason);
            }
            final boolean refused =
                    e.code() == ErrorCode.AUTHENTICATION_FAILED.value() || e.code() == ErrorCode.NOT_PERMITTED.value();
            throw new CliException(
                    refused ? ExitCode.NODE_REFUSED : ExitCode.UNREACHABLE,
                    refused
                            ? "the node at " + address + " refused: " + reason.replaceFirst("^([A-Z_]+): \\1: ", "$1: ")
                                    + "; give a token with the admin permission with --token"
                            : "no node answers at " + address + ": " + reason
                                    + Unreached.hint(reason, tlsTrust != null),
                    e);
        }
    }

    private static String jsonOf(final Map<String, Object> values) throws IOException {
        final StringWriter text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
            generator.writeStartObject();
            for (final Map.Entry<String, Object> entry : values.entrySet()) {
                generator.writeFieldName(entry.getKey());
                if (entry.getValue() instanceof Long number) {
                    generator.writeNumber(number);
                } else {
                    generator.writeString(String.valueOf(entry.getValue()));
                }
            }
            generator.writeEndObject();
        }
        return text.append('\n').toString();
    }

    private static boolean isLimit(final Map.Entry<String, Object> entry) {
        final String name = entry.getKey();
        return LIMITS.contains(name) || (name.startsWith(REFUSED) && !NOT_THERE.contains(name));
    }

    static String tableOf(final Map<String, Object> values) {
        final StringBuilder text = new StringBuilder(4_096);
        for (final Map.Entry<String, Object> entry : values.entrySet()) {
            if (!isLimit(entry)) {
                row(text, entry);
            }
        }
        text.append("limits reached:");
        final int before = text.length();
        for (final Map.Entry<String, Object> entry : values.entrySet()) {
            if (isLimit(entry) && !Long.valueOf(0).equals(entry.getValue())) {
                text.append("\n  ");
                row(text, entry);
                text.setLength(text.length() - 1);
            }
        }
        return text.append(text.length() == before ? " none\n" : "\n").toString();
    }

    private static void row(final StringBuilder text, final Map.Entry<String, Object> entry) {
        final String value = entry.getValue() instanceof Long number
                ? String.format("%,d", number)
                : LogText.safe(String.valueOf(entry.getValue()));
        text.append(String.format("%-28s %s%n", entry.getKey(), value));
    }
}
