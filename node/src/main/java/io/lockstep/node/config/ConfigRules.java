package io.lockstep.node.config;

import io.lockstep.node.cli.HostPort;
import io.lockstep.node.config.SettingType.Address;
import java.net.InetAddress;
import java.util.function.Consumer;

/** What must hold between settings. Each message names both values. */
final class ConfigRules {
    private ConfigRules() {}

    static void check(final NodeConfig config, final Consumer<String> problems) {
        powerOfTwo(config, problems, Settings.RING_SLOTS);
        powerOfTwo(config, problems, Settings.COMMAND_RING_BYTES);
        powerOfTwo(config, problems, Settings.RECORD_RING_BYTES);
        below(config, problems, Settings.SPACE_HARD_BYTES, Settings.SPACE_SOFT_BYTES);
        below(config, problems, Settings.STATE_RESIDENT_BYTES, Settings.STATE_BYTES_MAX);
        require(
                problems,
                4 * config.number(Settings.FRAME_BYTES_MAX) <= config.number(Settings.COMMAND_RING_BYTES),
                "command-ring-bytes=" + config.text(Settings.COMMAND_RING_BYTES)
                        + " must hold four frames of frame-bytes-max=" + config.text(Settings.FRAME_BYTES_MAX));
        require(
                problems,
                config.has(Settings.TLS_CERT) == config.has(Settings.TLS_KEY),
                "tls-cert='" + config.text(Settings.TLS_CERT) + "' and tls-key='" + config.text(Settings.TLS_KEY)
                        + "' must be given together");
        final Setting one = Settings.byKey("upload-bytes-max");
        final Setting all = Settings.byKey("uploads-bytes-max");
        require(
                problems,
                config.number(one) <= config.number(all),
                one.key() + "=" + config.text(one) + " must be at most " + all.key() + "=" + config.text(all));
        exposure(config, problems);
    }

    private static void exposure(final NodeConfig config, final Consumer<String> problems) {
        final HostPort tcp = HostPort.parse(config.text(Settings.TCP));
        final InetAddress address = tcp.resolve().getAddress();
        final boolean tokens = "tokens".equals(config.text(Settings.AUTH));
        require(
                problems,
                tokens || address.isLoopbackAddress(),
                "auth=none is allowed on a loopback address only, and tcp=" + tcp + " is not one: use auth=tokens");
        require(
                problems,
                !tokens || config.has(Settings.TOKENS),
                "auth=tokens needs tokens=FILE ('lockstep token' makes one); on loopback auth=none can be asked for");
        require(
                problems,
                address.isLoopbackAddress()
                        || config.has(Settings.TLS_CERT)
                        || "true".equals(config.text(Settings.PLAINTEXT)),
                "tcp=" + tcp + " is not loopback: give tls-cert and tls-key, or allow clear text with plaintext=true");
        final String metrics = config.text(Settings.METRICS);
        require(
                problems,
                Address.OFF.equals(metrics)
                        || HostPort.parse(metrics).resolve().getAddress().isLoopbackAddress(),
                "metrics=" + metrics + " is not a loopback address");
    }

    private static void powerOfTwo(final NodeConfig config, final Consumer<String> problems, final Setting setting) {
        require(
                problems,
                Long.bitCount(config.number(setting)) == 1,
                setting.key() + "=" + config.text(setting) + " is not a power of two");
    }

    private static void below(
            final NodeConfig config, final Consumer<String> problems, final Setting low, final Setting high) {
        require(
                problems,
                config.number(low) < config.number(high),
                low.key() + "=" + config.text(low) + " must be below " + high.key() + "=" + config.text(high));
    }

    private static void require(final Consumer<String> problems, final boolean holds, final String message) {
        if (!holds) {
            problems.accept(message);
        }
    }
}
