package io.lockstep.node.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Change;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Migration;
import io.lockstep.client.model.Value;
import io.lockstep.codec.SubmitStatus;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes JSON lines in the form of the conformance vectors, buffered until {@link #flush}. One thread.
 */
public final class JsonLineWriter implements Closeable {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private final OutputStream stream;
    private final JsonGenerator out;

    /**
     * A writer.
     *
     * @param stream to write to; flushed and closed with this
     * @throws IOException from below
     */
    public JsonLineWriter(final OutputStream stream) throws IOException {
        this.stream = stream;
        out = FACTORY.createGenerator(stream).setRootValueSeparator(null);
    }

    /**
     * A live cell, as in a vector's finalState.
     *
     * @param cell to write
     * @throws IOException from below
     */
    public void cell(final Cell cell) throws IOException {
        out.writeStartObject();
        row(cell.schema(), cell.table());
        out.writeFieldName("pk");
        ValueJson.writeKey(out, cell.key());
        out.writeStringField("column", cell.column());
        out.writeFieldName("value");
        ValueJson.write(out, cell.value());
        out.writeFieldName("hlc");
        HlcJson.write(out, cell.hlc());
        endLine();
    }

    /**
     * A change set, in the form that {@link ChangeSetJson} reads.
     *
     * @param set to write
     * @throws IOException from below
     */
    public void changeSet(final ChangeSet set) throws IOException {
        out.writeStartObject();
        clock(set.hlc(0));
        out.writeArrayFieldStart("changes");
        for (final Change change : set.changes()) {
            change(change, false);
        }
        out.writeEndArray();
        migrations(set.migrations());
        endLine();
    }

    /**
     * The effects of a sequence.
     *
     * @param delivery to write
     * @throws IOException from below
     */
    public void delivery(final Delivery delivery) throws IOException {
        out.writeStartObject();
        out.writeNumberField("sequence", delivery.sequence());
        clock(delivery.clock());
        out.writeBooleanField("own", delivery.own());
        out.writeArrayFieldStart("changes");
        for (final Change change : delivery.changes()) {
            change(change, true);
        }
        out.writeEndArray();
        migrations(delivery.migrations());
        endLine();
    }

    /**
     * The answer to a submission.
     *
     * @param clock of the change set; its opSeq is not written
     * @param status what became of it
     * @param sequence its sequence, or 0 for none, written as null
     * @throws IOException from below
     */
    public void ack(final Hlc clock, final SubmitStatus status, final long sequence) throws IOException {
        out.writeStartObject();
        clock(clock);
        out.writeStringField("status", Names.of(status));
        if (sequence == 0) {
            out.writeNullField("sequence");
        } else {
            out.writeNumberField("sequence", sequence);
        }
        endLine();
    }

    /**
     * Hands everything written so far on.
     *
     * @throws IOException from below
     */
    public void flush() throws IOException {
        out.flush();
        stream.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
        stream.close();
    }

    private void change(final Change change, final boolean withSurvivors) throws IOException {
        out.writeStartObject();
        out.writeStringField("op", change.isDelete() ? "delete" : "write");
        out.writeNumberField("opSeq", Integer.toUnsignedLong(change.opSeq()));
        row(change.schema(), change.table());
        out.writeFieldName("pk");
        ValueJson.writeKey(out, change.key());
        if (!change.isDelete()) {
            out.writeStringField("column", change.column());
            out.writeFieldName("value");
            ValueJson.write(out, change.value());
        } else if (withSurvivors) {
            out.writeArrayFieldStart("survivors");
            for (final String column : change.survivors()) {
                out.writeString(column);
            }
            out.writeEndArray();
        }
        if (change.before() != null) {
            before(change);
        }
        out.writeEndObject();
    }

    private void before(final Change change) throws IOException {
        out.writeObjectFieldStart("before");
        if (change.isDelete()) {
            out.writeArrayFieldStart("row");
            for (final Value value : change.before().values()) {
                ValueJson.write(out, value);
            }
            out.writeEndArray();
        } else {
            out.writeFieldName("hlc");
            HlcJson.write(out, change.before().hlc());
            out.writeFieldName("value");
            ValueJson.write(out, change.before().values().get(0));
        }
        out.writeEndObject();
    }

    private void migrations(final Iterable<Migration> migrations) throws IOException {
        out.writeArrayFieldStart("migrations");
        for (final Migration migration : migrations) {
            out.writeStartObject();
            out.writeNumberField("opSeq", Integer.toUnsignedLong(migration.opSeq()));
            out.writeStringField("kind", Names.of(migration.kind()));
            out.writeStringField("schema", migration.schema());
            out.writeStringField("object", migration.object());
            if (!migration.fromObject().isEmpty()) {
                out.writeStringField("fromObject", migration.fromObject());
            }
            out.writeNumberField("version", Integer.toUnsignedLong(migration.version()));
            out.writeStringField("ddl", migration.ddl());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void row(final String schema, final String table) throws IOException {
        out.writeStringField("schema", schema);
        out.writeStringField("table", table);
    }

    private void clock(final Hlc clock) throws IOException {
        out.writeStringField("site", clock.site().toString());
        out.writeNumberField("wall", clock.wall());
        out.writeNumberField("counter", clock.counter());
    }

    private void endLine() throws IOException {
        out.writeEndObject();
        out.writeRaw('\n');
    }
}
