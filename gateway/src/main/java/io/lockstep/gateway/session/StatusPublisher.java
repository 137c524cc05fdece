package io.lockstep.gateway.session;

import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.StatusReportEncoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/** Gathers the values of a status and sends them as one message. Cold; one thread. */
final class StatusPublisher implements StatusReport {
    private static final int NAME_BYTES_MAX = 255;

    /** A value's fixed part and its two length fields. */
    private static final int ENTRY_BYTES = 12;

    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final StatusReportEncoder report = new StatusReportEncoder();
    private final List<Entry> entries = new ArrayList<>();
    private final int bytesMax;
    private int bytes;

    StatusPublisher(final int frameBytesMax) {
        bytesMax = frameBytesMax - 64;
    }

    private static final class Entry {
        private final byte[] name;
        private final long value;
        private final byte[] text;

        Entry(final byte[] name, final long value, final byte[] text) {
            this.name = name;
            this.value = value;
            this.text = text;
        }
    }

    void publish(final Session session, final long requestId, final StatusSource source) {
        entries.clear();
        bytes = 0;
        source.fill(this);
        final StatusReportEncoder.EntriesEncoder group = report.wrapAndApplyHeader(scratch, 0, header)
                .requestId(requestId)
                .entriesCount(entries.size());
        for (final Entry entry : entries) {
            group.next()
                    .value(entry.value)
                    .putName(entry.name, 0, entry.name.length)
                    .putText(entry.text, 0, entry.text.length);
        }
        session.send(scratch, 0, MessageHeaderEncoder.ENCODED_LENGTH + report.encodedLength());
    }

    @Override
    public void value(final String name, final long value) {
        add(name, value, "");
    }

    @Override
    public void text(final String name, final String text) {
        add(name, 0, text);
    }

    private void add(final String name, final long value, final String text) {
        final Entry entry = new Entry(SessionPublisher.bytes(name), value, SessionPublisher.bytes(text));
        final int length = ENTRY_BYTES + entry.name.length + entry.text.length;
        if (entry.name.length <= NAME_BYTES_MAX && bytes + length <= bytesMax && entries.size() < 65_534) {
            entries.add(entry);
            bytes += length;
        }
    }
}
