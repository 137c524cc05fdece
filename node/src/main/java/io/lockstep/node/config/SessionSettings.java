package io.lockstep.node.config;

import static io.lockstep.node.config.Unit.BYTES;
import static io.lockstep.node.config.Unit.COUNT;
import static io.lockstep.node.config.Unit.MILLIS;

import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.node.config.SettingType.Amount;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Makes the settings of sessions from their limits, which say everything about themselves. */
final class SessionSettings {
    private static final String WHY = " Why: ";

    private SessionSettings() {}

    /** Each limit's setting, in the order of the limits. */
    static Map<SessionLimit, Setting> all() {
        final Map<SessionLimit, Setting> map = new LinkedHashMap<>();
        for (final SessionLimit limit : SessionLimit.values()) {
            final Unit unit =
                    switch (limit.unit()) {
                        case "milliseconds" -> MILLIS;
                        case "bytes", "bytes a second" -> BYTES;
                        default -> COUNT;
                    };
            final String help = limit.help();
            final int why = help.indexOf(WHY);
            if (why < 0) {
                throw new IllegalArgumentException("why is it there? Put '" + WHY + "' behind it: limit=" + limit);
            }
            map.put(
                    limit,
                    Setting.amount(
                            dashed(limit.label()),
                            new Amount(limit.least(), Long.MAX_VALUE, unit),
                            unit.format(limit.defaultValue()),
                            help.substring(0, why),
                            help.substring(why + WHY.length())));
        }
        return Collections.unmodifiableMap(map);
    }

    private static String dashed(final String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
