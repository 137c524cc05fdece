package io.lockstep.node.config;

import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.EngineLimits;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.journal.JournalContext;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.nio.file.Path;
import org.agrona.BitUtil;

/**
 * Fits what may be in memory to {@code state-bytes-max}, and the largest frame and the record ring to the size of a journal file, where nobody asked for them: all that is in
 * flight must find room in what is allocated when the disk is full.
 */
final class DerivedSizes {
    private static final int FRAME_BYTES_MIN = 64 << 10;
    private static final int RING_BYTES_MIN = 1 << 20;
    private static final long MIB = 1L << 20;
    private static final String ORIGIN = "derived from journal-file-bytes";
    private static final String ORIGIN_OF_RESIDENT = "derived from state-bytes-max";

    private DerivedSizes() {}

    /**
     * The settings with less state in memory than there may be, where nobody asked for how much.
     *
     * @param config in range
     * @return the same, or with a smaller state-resident-bytes
     */
    static NodeConfig resident(final NodeConfig config) {
        final long bytes = ResidencySettings.bytesFor(config.number(Settings.STATE_BYTES_MAX));
        return isFree(config, Settings.STATE_RESIDENT_BYTES)
                ? config.derived(Settings.STATE_RESIDENT_BYTES, bytes, ORIGIN_OF_RESIDENT)
                : config;
    }

    /**
     * The settings with sizes that go together.
     *
     * @param config in range
     * @return the same, or with a smaller frame or ring
     * @throws CliException when what was asked for does not go together
     */
    static NodeConfig fit(final NodeConfig config) {
        for (int frame = config.integer(Settings.FRAME_BYTES_MAX);
                frame >= FRAME_BYTES_MIN;
                frame = next(config, Settings.FRAME_BYTES_MAX, frame)) {
            for (int ring = config.integer(Settings.RECORD_RING_BYTES);
                    ring >= RING_BYTES_MIN;
                    ring = next(config, Settings.RECORD_RING_BYTES, ring)) {
                if (fits(config, frame, ring, config.number(Settings.JOURNAL_FILE_BYTES))) {
                    return config.derived(Settings.FRAME_BYTES_MAX, frame, ORIGIN)
                            .derived(Settings.RECORD_RING_BYTES, ring, ORIGIN);
                }
            }
        }
        throw new CliException(
                ExitCode.CONFIG,
                "journal-file-bytes=" + config.text(Settings.JOURNAL_FILE_BYTES) + ", frame-bytes-max="
                        + config.text(Settings.FRAME_BYTES_MAX) + " and record-ring-bytes="
                        + config.text(Settings.RECORD_RING_BYTES) + " do not go together: " + remedy(config));
    }

    /** The smallest ring for the frame, and the smallest file for both; where nobody asked, for the smallest of them. */
    private static String remedy(final NodeConfig config) {
        final int frame =
                isFree(config, Settings.FRAME_BYTES_MAX) ? FRAME_BYTES_MIN : config.integer(Settings.FRAME_BYTES_MAX);
        final long ringMin;
        try {
            ringMin = ringBytesMin(arbiter(config, frame));
        } catch (final IllegalArgumentException e) {
            return "frame-bytes-max=" + frame + " and changes-max=" + config.text(Settings.CHANGES_MAX)
                    + " make records of no possible size: " + e.getMessage();
        }
        final int ring = isFree(config, Settings.RECORD_RING_BYTES) ? 0 : config.integer(Settings.RECORD_RING_BYTES);
        final long ringFitting = Math.max(ring, ringMin);
        long file = JournalContext.FILE_BYTES_MIN;
        while (file <= JournalContext.FILE_BYTES_MAX && !fits(config, frame, (int) ringFitting, file)) {
            file += MIB;
        }
        final String forFrame = " for frame-bytes-max=" + frame;
        if (file > JournalContext.FILE_BYTES_MAX) {
            return "no journal-file-bytes is enough" + forFrame + " with record-ring-bytes=" + mib(ringFitting);
        }
        final String ringPart = ring > 0 && ring < ringMin
                ? "record-ring-bytes must be at least " + mib(ringMin) + forFrame + ", and then "
                : "";
        return ringPart + "journal-file-bytes must be at least " + mib(file) + forFrame + " with record-ring-bytes="
                + mib(ringFitting);
    }

    private static String mib(final long bytes) {
        return bytes / MIB + "MiB";
    }

    private static boolean isFree(final NodeConfig config, final Setting setting) {
        return ConfigLoader.ORIGIN_DEFAULT.equals(config.origin(setting));
    }

    /** Half as much where nobody asked for a size, otherwise nothing. */
    private static int next(final NodeConfig config, final Setting setting, final int size) {
        return isFree(config, setting) ? size / 2 : 0;
    }

    private static boolean fits(
            final NodeConfig config, final int frameBytes, final int ringBytes, final long fileBytes) {
        try {
            final ArbiterContext arbiter = arbiter(config, frameBytes);
            if (ringBytes < ringBytesMin(arbiter)) {
                return false;
            }
            new JournalContext()
                    .dataFolder(Path.of(""))
                    .fileBytes(fileBytes)
                    .recordBytesMax(arbiter.recordBytesMax())
                    .inFlightBytesMax(ringBytes)
                    .conclude();
            return true;
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    private static ArbiterContext arbiter(final NodeConfig config, final int frameBytes) {
        return new ArbiterContext()
                .incarnation(0, 0)
                .limits(frameLimits(frameBytes, config.integer(Settings.CHANGES_MAX)))
                .conclude();
    }

    /** A power of two that holds several of the largest record with its answer. */
    private static long ringBytesMin(final ArbiterContext arbiter) {
        final long claim = (long) arbiter.recordBytesMax() + arbiter.answerBytesMax() + Long.BYTES;
        return Math.max(RING_BYTES_MIN, BitUtil.findNextPositivePowerOfTwo(EngineLimits.CLAIMS_IN_RING_MIN * claim));
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
