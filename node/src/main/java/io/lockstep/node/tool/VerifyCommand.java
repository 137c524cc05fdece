package io.lockstep.node.tool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.recovery.ReplayDivergedException;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.journal.InspectionReport;
import io.lockstep.journal.JournalProblem;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.LogText;
import io.lockstep.node.server.FatalExit;
import io.lockstep.node.server.StoppedFolder;
import io.lockstep.node.tool.verify.JournalVerifier;
import io.lockstep.node.tool.verify.SnapshotVerifier;
import io.lockstep.node.tool.verify.VerifiedDatabase;
import io.lockstep.node.tool.verify.VerifiedSnapshot;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lockstep verify}: whether the journal of a stopped node holds, from end to end. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Checks the data folder of a stopped node, changing nothing.",
            "Reads checksums, chain, order, and by replay every outcome and digest. Each snapshot, with the journal "
                    + "after it, must give what the whole journal gives. Exits with 0 only when all holds, and with 1 "
                    + "when the journal holds and a snapshot does not: a start does without it. A torn tail above "
                    + "what was synced is told, and no damage: the next start cuts it."
        })
public final class VerifyCommand implements Callable<Integer> {
    private static final long PROGRESS_EVERY = 100_000;
    private static final String CLEAR_LINE = "\r\u001b[K";

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Data folder of a stopped node.")
    private Path data;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    /** For picocli. */
    public VerifyCommand() {}

    @Override
    public Integer call() {
        StoppedFolder.check(data);
        final boolean visible = Pipe.isTerminalOnStandardError();
        try (JournalVerifier verifier = new JournalVerifier(records -> showProgress(visible, records))) {
            final InspectionReport report = verifier.run(data);
            final SnapshotVerifier snapshots = new SnapshotVerifier(data, records -> showProgress(visible, records));
            if (report.isSound()) {
                snapshots.run(verifier.incarnation(), report.firstPosition(), verifier.databases());
            }
            if (visible) {
                System.err.print(CLEAR_LINE);
            }
            System.out.print(json ? asJson(report, verifier, snapshots) : asText(report, verifier, snapshots));
            return exitCode(report, snapshots).code();
        } catch (final SnapshotException e) {
            // Only where the journal cannot say by itself what came before the snapshot.
            throw new CliException(ExitCode.JOURNAL_DAMAGE, e.getMessage(), e);
        } catch (final JournalFailedException | ReplayDivergedException e) {
            throw new CliException(FatalExit.exitCodeOf("verify", e), e.getMessage(), e);
        }
    }

    private static ExitCode exitCode(final InspectionReport report, final SnapshotVerifier snapshots) {
        if (!report.isSound()) {
            return ExitCode.JOURNAL_DAMAGE;
        }
        return snapshots.isSound() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private static void showProgress(final boolean visible, final long records) {
        if (visible && records % PROGRESS_EVERY == 0) {
            System.err.print(CLEAR_LINE + records + " records");
            System.err.flush();
        }
    }

    private static String asText(
            final InspectionReport report, final JournalVerifier verifier, final SnapshotVerifier snapshots) {
        final StringBuilder text = new StringBuilder();
        line(text, "incarnation", verifier.incarnation());
        line(text, "files", report.files());
        line(text, "records", report.records() + (report.voided() == 0 ? "" : ", voided by cuts " + report.voided()));
        line(text, "positions", report.firstPosition() + " to " + report.lastPosition());
        line(text, "synced up to", report.durablePosition());
        line(text, "databases", verifier.databases().size());
        for (final VerifiedDatabase each : verifier.databases()) {
            line(
                    text,
                    "  " + LogText.safe(each.name()),
                    "sequence=" + each.sequence() + " cells=" + each.cells() + " tombstones=" + each.tombstones()
                            + " digest=" + each.digest() + each.secondDigestText());
        }
        for (final JournalProblem problem : report.problems()) {
            line(
                    text,
                    problem.damage() ? "DAMAGE" : "torn tail",
                    problem.text() + ": file=" + problem.file() + ", offset=" + problem.offset() + ", position="
                            + problem.position());
        }
        if (!report.rule().isEmpty()) {
            line(text, "rule", report.rule());
        }
        if (report.isSound()) {
            lines(text, snapshots);
        } else {
            line(text, "snapshots", "not checked, since the journal is damaged");
        }
        line(text, "verdict", verdict(report, snapshots));
        return text.toString();
    }

    private static String verdict(final InspectionReport report, final SnapshotVerifier snapshots) {
        if (!report.isSound()) {
            return "damaged";
        }
        return snapshots.isSound()
                ? "all holds"
                : "the journal holds; the next start does without the snapshots that cannot be used";
    }

    private static void lines(final StringBuilder text, final SnapshotVerifier snapshots) {
        line(text, "snapshots", snapshots.snapshots().size());
        for (final VerifiedSnapshot each : snapshots.snapshots()) {
            final String found = each.isGood()
                    ? "gives the same: bytes=" + each.bytes() + " position=" + each.position() + " endPosition="
                            + each.endPosition() + " recordsAfter=" + each.recordsAfter()
                    : "CANNOT BE USED: " + each.trouble();
            line(text, "  " + each.file().getFileName(), found);
        }
        snapshots
                .unfinished()
                .forEach(file -> line(text, "  " + file.getFileName(), "half-made, the next start deletes it"));
        snapshots
                .refused()
                .forEach(
                        file -> line(text, "  " + file.getFileName(), "put aside by an earlier start, may be deleted"));
        if (!snapshots.trouble().isEmpty()) {
            line(text, "  CANNOT BE READ", snapshots.trouble());
        }
    }

    private static void line(final StringBuilder text, final String name, final Object value) {
        text.append(String.format("%-13s %s%n", name, value));
    }

    private static String asJson(
            final InspectionReport report, final JournalVerifier verifier, final SnapshotVerifier snapshots) {
        final StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("incarnation", String.valueOf(verifier.incarnation()));
            out.writeNumberField("files", report.files());
            out.writeNumberField("records", report.records());
            out.writeNumberField("voided", report.voided());
            out.writeNumberField("firstPosition", report.firstPosition());
            out.writeNumberField("lastPosition", report.lastPosition());
            out.writeNumberField("durablePosition", report.durablePosition());
            out.writeArrayFieldStart("databases");
            for (final VerifiedDatabase each : verifier.databases()) {
                out.writeStartObject();
                out.writeNumberField("id", each.id());
                out.writeStringField("name", each.name());
                out.writeNumberField("sequence", each.sequence());
                out.writeNumberField("cells", each.cells());
                out.writeNumberField("tombstones", each.tombstones());
                out.writeStringField("digest", each.digest());
                out.writeStringField("secondDigest", each.secondDigest());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeArrayFieldStart("problems");
            for (final JournalProblem problem : report.problems()) {
                out.writeStartObject();
                out.writeStringField("file", problem.file().toString());
                out.writeNumberField("offset", problem.offset());
                out.writeNumberField("position", problem.position());
                out.writeBooleanField("damage", problem.damage());
                out.writeStringField("text", problem.text());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeStringField("rule", report.rule());
            out.writeBooleanField("sound", report.isSound());
            if (report.isSound()) {
                write(out, snapshots);
            }
            out.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + System.lineSeparator();
    }

    private static void write(final JsonGenerator out, final SnapshotVerifier snapshots) throws IOException {
        out.writeArrayFieldStart("snapshots");
        for (final VerifiedSnapshot each : snapshots.snapshots()) {
            out.writeStartObject();
            out.writeStringField("file", each.file().toString());
            out.writeNumberField("bytes", each.bytes());
            out.writeNumberField("position", each.position());
            out.writeNumberField("endPosition", each.endPosition());
            out.writeNumberField("recordsAfter", each.recordsAfter());
            out.writeBooleanField("good", each.isGood());
            out.writeStringField("trouble", each.trouble());
            out.writeEndObject();
        }
        out.writeEndArray();
        write(out, "unfinishedSnapshots", snapshots.unfinished());
        write(out, "refusedSnapshots", snapshots.refused());
        out.writeStringField("snapshotsTrouble", snapshots.trouble());
        out.writeBooleanField("snapshotsSound", snapshots.isSound());
    }

    private static void write(final JsonGenerator out, final String name, final List<Path> files) throws IOException {
        out.writeArrayFieldStart(name);
        for (final Path file : files) {
            out.writeString(file.toString());
        }
        out.writeEndArray();
    }
}
