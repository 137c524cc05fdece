package io.lockstep.node.config;

import io.lockstep.client.ErrorCodes;
import io.lockstep.codec.ErrorCode;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One setting of a node. It has one name: {@code --name} as a flag, {@code LOCKSTEP_NAME} in the environment (upper case,
 * underscores), {@code name = value} in a file. All of them are in {@link Settings}.
 *
 * @param key the name, lower case with dashes
 * @param type what it may be
 * @param defaultText what holds when nothing is said, as one would write it; empty for none
 * @param description what it does
 * @param seen what a client sees of it or at it; what it can do about an error that is named is said behind its name
 * @param why why it is there, or why the default is what it is
 */
public record Setting(String key, SettingType type, String defaultText, String description, String seen, String why) {
    private static final String SEEN = " Seen: ";
    private static final Pattern CODE = Pattern.compile("\\b[A-Z][A-Z_]{3,}\\b");

    /**
     * A setting whose description says what is seen as well.
     *
     * @param key as above
     * @param type as above
     * @param defaultText as above
     * @param text description, {@code Seen:}, what is seen
     * @param why as above
     * @return the setting
     * @throws IllegalArgumentException if the text does not say what is seen
     */
    static Setting of(
            final String key, final SettingType type, final String defaultText, final String text, final String why) {
        final int seen = text.indexOf(SEEN);
        if (seen < 0) {
            throw new IllegalArgumentException("what does a client see of it? Put 'Seen: ' behind it: setting=" + key);
        }
        final String told = CODE.matcher(text.substring(seen + SEEN.length()))
                .replaceAll(code -> code.group() + remedy(code.group()));
        return new Setting(key, type, defaultText, text.substring(0, seen).strip(), told.strip(), why.strip());
    }

    private static String remedy(final String name) {
        for (final ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(name)) {
                return ErrorCodes.isRetryable(code.value())
                        ? " (try again)"
                        : ErrorCodes.endsConnection(code.value()) ? " (permanent for the connection)" : " (permanent)";
            }
        }
        return "";
    }

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
     * @param description and what is seen
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
        return of(key, amount, canonical, description, why);
    }
}
