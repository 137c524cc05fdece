package io.lockstep.client.offline;

import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.store.StoreException;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a local file is of, and where its checkpoint stands.
 *
 * @param database its name
 * @param site that writes here
 * @param wall of the last stamp
 * @param counter of the last stamp
 * @param nextId of the outbox
 * @param settings the database's rules
 * @param cursor what the state of the checkpoint shows
 * @param filters which part of the database it is of
 */
record FileHeader(
        String database,
        Site site,
        long wall,
        int counter,
        long nextId,
        Settings settings,
        Cursor cursor,
        List<TableFilter> filters) {
    /** Raised when a reader of this version could not read what is written; older ones are always read. */
    static final int FORMAT = 1;

    UnsafeBuffer encode() {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            out.writeUTF(database);
            put(out, site);
            out.writeLong(wall);
            out.writeInt(counter);
            out.writeLong(nextId);
            out.writeByte(settings.rowPolicy().value());
            out.writeByte(settings.keyForm().value());
            out.writeBoolean(cursor.incarnation() != null);
            put(out, cursor.incarnation() == null ? new Site(0, 0) : cursor.incarnation());
            out.writeLong(cursor.sequence());
            out.writeLong(cursor.check());
            out.writeInt(filters.size());
            for (final TableFilter filter : filters) {
                out.writeUTF(filter.table());
                final byte[] prefix = filter.keyPrefix() == null
                        ? new byte[0]
                        : filter.keyPrefix().toBytes();
                out.writeInt(prefix.length);
                out.write(prefix);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return new UnsafeBuffer(bytes.toByteArray());
    }

    static FileHeader decode(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            final int format = in.readInt();
            if (format > FORMAT) {
                throw new StoreException(
                        StoreException.Reason.DIFFERS,
                        "written by a later version: format=" + format + ", known=" + FORMAT);
            }
            final String database = in.readUTF();
            final Site site = site(in);
            final long wall = in.readLong();
            final int counter = in.readInt();
            final long nextId = in.readLong();
            final Settings settings = new Settings(RowPolicy.get(in.readByte()), KeyForm.get(in.readByte()));
            final boolean known = in.readBoolean();
            final Site incarnation = site(in);
            final Cursor cursor = new Cursor(database, known ? incarnation : null, in.readLong(), in.readLong());
            return new FileHeader(database, site, wall, counter, nextId, settings, cursor, filters(in));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<TableFilter> filters(final DataInputStream in) throws IOException {
        final int count = in.readInt();
        final List<TableFilter> filters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final String table = in.readUTF();
            final byte[] prefix = in.readNBytes(in.readInt());
            filters.add(new TableFilter(
                    table, prefix.length == 0 ? null : Key.decode(new UnsafeBuffer(prefix), 0, prefix.length)));
        }
        return List.copyOf(filters);
    }

    private static void put(final DataOutputStream out, final Site site) throws IOException {
        out.writeLong(site.high());
        out.writeLong(site.low());
    }

    private static Site site(final DataInputStream in) throws IOException {
        return new Site(in.readLong(), in.readLong());
    }
}
