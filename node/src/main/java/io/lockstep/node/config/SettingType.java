package io.lockstep.node.config;

import io.lockstep.node.cli.HostPort;
import java.util.List;
import java.util.Locale;

/** What a setting's text may be, and the one canonical form that it is kept in. */
public sealed interface SettingType {
    /**
     * Checks a text.
     *
     * @param text as given
     * @return its canonical form
     * @throws IllegalArgumentException says what is wrong and what would be right
     */
    String canonical(String text);

    /**
     * What is allowed.
     *
     * @return for the documentation, one line
     */
    String range();

    /** Any text, for example a path. */
    record Text(String range) implements SettingType {
        @Override
        public String canonical(final String text) {
            return text;
        }
    }

    /** An address. */
    record Address(boolean mayBeOff) implements SettingType {
        /** Written where there shall be no address. */
        public static final String OFF = "off";

        @Override
        public String canonical(final String text) {
            return mayBeOff && OFF.equals(text) ? OFF : HostPort.parse(text).toString();
        }

        @Override
        public String range() {
            return mayBeOff ? "HOST:PORT or off" : "HOST:PORT";
        }
    }

    /** One of a few words. */
    record Choice(List<String> words) implements SettingType {
        @Override
        public String canonical(final String text) {
            final String lower = text.toLowerCase(Locale.ROOT);
            if (!words.contains(lower)) {
                throw new IllegalArgumentException("'" + text + "' is none of " + range());
            }
            return lower;
        }

        @Override
        public String range() {
            return String.join(", ", words);
        }
    }

    /** A whole number, with an optional unit. */
    record Amount(long min, long max, Unit unit) implements SettingType {
        @Override
        public String canonical(final String text) {
            final long value = unit.parse(text);
            if (value < min || value > max) {
                throw new IllegalArgumentException("'" + text + "' is outside " + range());
            }
            return Long.toString(value);
        }

        @Override
        public String range() {
            return unit.format(min) + " to " + (max == Long.MAX_VALUE ? "unlimited" : unit.format(max));
        }
    }
}
