package io.lockstep.node.config;

import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.EngineLimits;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.journal.JournalContext;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.nio.file.Path;

/**
 * Fits the largest frame and the record ring to the size of a journal file, where nobody asked for them: all that is in
 * flight must find room in what is allocated when the disk is full.
 */
final class DerivedSizes {
    private static final int FRAME_BYTES_MIN = 64 << 10;
    private static final int RING_BYTES_MIN = 1 << 20;
    private static final String ORIGIN = "derived from journal-file-bytes";

    private DerivedSizes() {}

    /**
     * The settings with sizes that go together.
     *
     * @param config in range
     * @return the same, or with a smaller frame or ring
     * @throws CliException when what was asked for does not go together
     */
    static NodeConfig fit(final NodeConfig config) {
        String reason = "";
        for (int frame = config.integer(Settings.FRAME_BYTES_MAX);
                frame >= FRAME_BYTES_MIN;
                frame = next(config, Settings.FRAME_BYTES_MAX, frame)) {
            for (int ring = config.integer(Settings.RECORD_RING_BYTES);
                    ring >= RING_BYTES_MIN;
                    ring = next(config, Settings.RECORD_RING_BYTES, ring)) {
                final String obstacle = obstacle(config, frame, ring);
                if (obstacle.isEmpty()) {
                    return config.derived(Settings.FRAME_BYTES_MAX, frame, ORIGIN)
                            .derived(Settings.RECORD_RING_BYTES, ring, ORIGIN);
                }
                reason = obstacle;
            }
        }
        throw new CliException(
                ExitCode.CONFIG,
                "journal-file-bytes=" + config.text(Settings.JOURNAL_FILE_BYTES) + ", frame-bytes-max="
                        + config.text(Settings.FRAME_BYTES_MAX) + " and record-ring-bytes="
                        + config.text(Settings.RECORD_RING_BYTES) + " do not go together: " + reason
                        + "; larger files, or a smaller frame or ring, would do");
    }

    /** Half as much where nobody asked for a size, otherwise nothing. */
    private static int next(final NodeConfig config, final Setting setting, final int size) {
        return ConfigLoader.ORIGIN_DEFAULT.equals(config.origin(setting)) ? size / 2 : 0;
    }

    private static String obstacle(final NodeConfig config, final int frameBytes, final int ringBytes) {
        try {
            final ArbiterContext arbiter = new ArbiterContext()
                    .incarnation(0, 0)
                    .limits(frameLimits(frameBytes, config.integer(Settings.CHANGES_MAX)))
                    .conclude();
            final long claim = (long) arbiter.recordBytesMax() + arbiter.answerBytesMax() + Long.BYTES;
            if (ringBytes < EngineLimits.CLAIMS_IN_RING_MIN * claim) {
                return "record-ring-bytes=" + ringBytes + " must hold " + EngineLimits.CLAIMS_IN_RING_MIN
                        + " of the largest record with its answer, " + claim + " bytes";
            }
            new JournalContext()
                    .dataFolder(Path.of(""))
                    .fileBytes(config.number(Settings.JOURNAL_FILE_BYTES))
                    .recordBytesMax(arbiter.recordBytesMax())
                    .inFlightBytesMax(ringBytes)
                    .conclude();
            return "";
        } catch (final IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    static FrameLimits frameLimits(final int frameBytesMax, final int changesMax) {
        final FrameLimits byDefault = FrameLimits.DEFAULT;
        return new FrameLimits(
                frameBytesMax,
                changesMax,
                byDefault.nameBytesMax(),
                byDefault.keyBytesMax(),
                byDefault.keyPartsMax(),
                byDefault.ddlBytesMax());
    }
}
