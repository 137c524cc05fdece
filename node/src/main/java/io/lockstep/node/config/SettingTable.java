package io.lockstep.node.config;

import io.lockstep.node.config.SettingType.Amount;
import io.lockstep.node.config.SettingType.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Makes settings and keeps them in the order in which they were made. */
final class SettingTable {
    private final List<Setting> settings = new ArrayList<>();

    List<Setting> all() {
        return Collections.unmodifiableList(settings);
    }

    Setting text(final String key, final String range, final String description, final String why) {
        return add(key, new Text(range), "", description, why);
    }

    Setting amount(
            final String key,
            final long min,
            final long max,
            final Unit unit,
            final String byDefault,
            final String description,
            final String why) {
        return keep(Setting.amount(key, new Amount(min, max, unit), byDefault, description, why));
    }

    Setting add(
            final String key,
            final SettingType type,
            final String defaultText,
            final String description,
            final String why) {
        return keep(Setting.of(key, type, defaultText, description, why));
    }

    Setting keep(final Setting setting) {
        settings.add(setting);
        return setting;
    }
}
