package io.lockstep.node.json;

import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitStatus;
import java.util.Locale;

/** The protocol's enumerations as the JSON lines and the command line write them. Stateless. */
public final class Names {
    private Names() {}

    /**
     * What became of a change set.
     *
     * @param status any but the null value
     * @return such as {@code no-effect}
     */
    public static String of(final SubmitStatus status) {
        return hyphenated(status.name());
    }

    /**
     * What became of a change.
     *
     * @param outcome any but the null value
     * @return such as {@code too-late}
     */
    public static String of(final ChangeOutcome outcome) {
        return hyphenated(outcome.name());
    }

    /**
     * Kind of a migration.
     *
     * @param kind any but the null value
     * @return such as {@code create_table}
     */
    public static String of(final MigrationKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads the kind of a migration.
     *
     * @param name such as {@code create_table}
     * @return the kind, or null if there is none of that name
     */
    public static MigrationKind migrationKind(final String name) {
        for (final MigrationKind kind : MigrationKind.values()) {
            if (kind != MigrationKind.NULL_VAL && of(kind).equals(name)) {
                return kind;
            }
        }
        return null;
    }

    /**
     * All kinds of migrations.
     *
     * @return their names, separated by commas
     */
    public static String migrationKinds() {
        final StringBuilder names = new StringBuilder();
        for (final MigrationKind kind : MigrationKind.values()) {
            if (kind != MigrationKind.NULL_VAL) {
                names.append(names.isEmpty() ? "" : ", ").append(of(kind));
            }
        }
        return names.toString();
    }

    /**
     * Reads a row policy.
     *
     * @param name {@code last-writer-wins} or {@code delete-wins}
     * @return the policy, or null if there is none of that name
     */
    public static RowPolicy rowPolicy(final String name) {
        return switch (name) {
            case "last-writer-wins" -> RowPolicy.LAST_WRITER_WINS;
            case "delete-wins" -> RowPolicy.DELETE_WINS;
            default -> null;
        };
    }

    /**
     * Reads a key form.
     *
     * @param name {@code typed} or {@code quereus}
     * @return the form, or null if there is none of that name
     */
    public static KeyForm keyForm(final String name) {
        return switch (name) {
            case "typed" -> KeyForm.TYPED;
            case "quereus" -> KeyForm.QUEREUS;
            default -> null;
        };
    }

    private static String hyphenated(final String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
