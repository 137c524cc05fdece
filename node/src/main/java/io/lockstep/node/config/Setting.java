package io.lockstep.node.config;

import java.util.Locale;

/**
 * One setting of a node. It has one name: {@code --name} as a flag, {@code LOCKSTEP_NAME} in the environment (upper case,
 * underscores), {@code name = value} in a file. All of them are in {@link Settings}.
 *
 * @param key the name, lower case with dashes
 * @param type what it may be
 * @param defaultText what holds when nothing is said, as one would write it; empty for none
 * @param description what it does, and for limits what a client that meets it sees
 * @param why why it is there, or why the default is what it is
 */
public record Setting(String key, SettingType type, String defaultText, String description, String why) {
    /**
     * Its name in the environment.
     *
     * @return upper case with underscores
     */
    public String environmentName() {
        return "LOCKSTEP_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * A setting that is an amount.
     *
     * @param key as above
     * @param amount its range and unit
     * @param byDefault as one would write it
     * @param description as above
     * @param why as above
     * @return the setting
     */
    static Setting amount(
            final String key,
            final SettingType.Amount amount,
            final String byDefault,
            final String description,
            final String why) {
        final String canonical = amount.unit().format(amount.unit().parse(byDefault));
        return new Setting(key, amount, canonical, description.strip(), why);
    }
}
