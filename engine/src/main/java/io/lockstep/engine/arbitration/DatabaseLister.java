package io.lockstep.engine.arbitration;

import io.lockstep.codec.DatabaseListEncoder;
import io.lockstep.codec.DatabaseListEncoder.DatabasesEncoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.ReadDatabasesDecoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Answers which databases there are, by their numbers, a bounded number at a time. Sessions are not its business: 0. */
final class DatabaseLister {
    /** Of databases with names of 128 bytes that is less than the smallest answer that a node may be limited to. */
    private static final int DATABASES_PER_PAGE_MAX = 128;

    private static final int ENTRY_BYTES_MAX =
            DatabasesEncoder.sbeBlockLength() + DatabasesEncoder.nameHeaderLength() + DatabaseRegistry.NAME_BYTES_MAX;

    private final DatabaseRegistry databases;
    private final int answerBytesMax;
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ReadDatabasesDecoder request = new ReadDatabasesDecoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final DatabaseListEncoder list = new DatabaseListEncoder();
    private final UnsafeBuffer name = new UnsafeBuffer(new byte[DatabaseRegistry.NAME_BYTES_MAX]);

    DatabaseLister(final ArbiterContext context, final DatabaseRegistry databases) {
        this.databases = databases;
        answerBytesMax = context.answerBytesMax();
    }

    /** Writes a DatabaseList; tells its length. */
    int page(final DirectBuffer body, final int offset, final MutableDirectBuffer out, final int outOffset) {
        request.wrapAndApplyHeader(body, offset, headerDecoder);
        final long first = Math.min(Math.max(1, request.firstId()), databases.count() + 1L);
        final int room = (answerBytesMax - MessageHeaderEncoder.ENCODED_LENGTH - DatabaseListEncoder.BLOCK_LENGTH)
                / ENTRY_BYTES_MAX;
        final long end = Math.min(databases.count() + 1L, first + Math.min(DATABASES_PER_PAGE_MAX, Math.max(1, room)));
        list.wrapAndApplyHeader(out, outOffset, header)
                .requestId(request.requestId())
                .nextId(end > databases.count() ? 0 : end);
        final DatabasesEncoder entries = list.databasesCount((int) (end - first));
        for (long id = first; id < end; id++) {
            put(entries.next().databaseId(id).sessions(0), (int) id);
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + list.encodedLength();
    }

    /** Of one that is not in memory, what it took when it left. */
    private void put(final DatabasesEncoder entry, final int id) {
        final Database database = databases.byId(id);
        final KnownDatabases known = databases.known();
        final boolean absent = database == null;
        final int length = databases.names().length(id - 1);
        NativeBytes.write(databases.names().bytes(id - 1), length, name, 0);
        entry.sequence(absent ? known.sequence(id) : database.sequence())
                .cells(absent ? known.cells(id) : database.cells())
                .bytes(absent ? known.bytes(id) : database.bytes())
                .resident((short) (absent ? 0 : 1))
                .putName(name, 0, length);
    }
}
