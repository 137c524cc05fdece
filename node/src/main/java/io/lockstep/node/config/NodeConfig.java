package io.lockstep.node.config;

import io.lockstep.codec.frame.FrameLimits;
import java.util.HashMap;
import java.util.Map;

/** The settings of one node, each with where it came from. Immutable. */
public final class NodeConfig {
    private final Map<Setting, String> values;
    private final Map<Setting, String> origins;

    NodeConfig(final Map<Setting, String> values, final Map<Setting, String> origins) {
        this.values = Map.copyOf(values);
        this.origins = Map.copyOf(origins);
    }

    /** The same with another value; as it is when the value is the same. */
    NodeConfig derived(final Setting setting, final long value, final String origin) {
        if (number(setting) == value) {
            return this;
        }
        final Map<Setting, String> newValues = new HashMap<>(values);
        final Map<Setting, String> newOrigins = new HashMap<>(origins);
        newValues.put(setting, Long.toString(value));
        newOrigins.put(setting, origin);
        return new NodeConfig(newValues, newOrigins);
    }

    /**
     * What a frame may hold.
     *
     * @return the validator's limits
     */
    public FrameLimits frameLimits() {
        return DerivedSizes.frameLimits(integer(Settings.FRAME_BYTES_MAX), integer(Settings.CHANGES_MAX));
    }

    /**
     * A setting's value in its canonical form: numbers without unit, in bytes or milliseconds.
     *
     * @param setting which
     * @return empty if it has none
     */
    public String text(final Setting setting) {
        return values.getOrDefault(setting, "");
    }

    /**
     * Whether a setting has a value.
     *
     * @param setting which
     * @return false if it is empty
     */
    public boolean has(final Setting setting) {
        return !text(setting).isEmpty();
    }

    /**
     * A setting that is a number.
     *
     * @param setting which
     * @return in bytes, milliseconds or a count
     */
    public long number(final Setting setting) {
        return Long.parseLong(text(setting));
    }

    /**
     * A setting that is a number and fits an int by its range.
     *
     * @param setting which
     * @return in bytes, milliseconds or a count
     */
    public int integer(final Setting setting) {
        return Math.toIntExact(number(setting));
    }

    /**
     * Where a setting's value came from.
     *
     * @param setting which
     * @return "default", "file PATH line N", "environment NAME" or "flag --name"
     */
    public String origin(final Setting setting) {
        return origins.getOrDefault(setting, ConfigLoader.ORIGIN_DEFAULT);
    }
}
