package io.lockstep.engine.arbitration;

import io.lockstep.codec.CreateDatabaseCommandDecoder;
import io.lockstep.codec.CreateDatabaseCommandEncoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.RowPolicy;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.record.RecordDescriptor;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The databases of a node: opens them and makes them. Making one allocates on the heap; opening one does not. Of those that
 * are not in memory it keeps what {@link KnownDatabases} says, and the name.
 */
final class DatabaseRegistry {
    private static final long MAX_DRIFT_MS_DEFAULT = 60_000;
    static final int NAME_BYTES_MAX = 128;
    private static final int NONE = -1;

    private final Arena arena;
    private final TableHash tableHash;
    private final DigestKey digestKey;
    private final AnswerEncoder answers;
    private final int databasesMax;
    private final NameTable names;
    private final KnownDatabases known;
    private final Residency residency;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OpenDatabaseDecoder open = new OpenDatabaseDecoder();
    private final CreateDatabaseCommandDecoder create = new CreateDatabaseCommandDecoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final CreateDatabaseCommandEncoder createEncoder = new CreateDatabaseCommandEncoder();
    private final RecordEncoder record = new RecordEncoder();
    private Database[] databases = new Database[4];
    private int count;
    private int resident;

    DatabaseRegistry(
            final ArbiterContext context,
            final Arena arena,
            final TableHash tableHash,
            final DigestKey digestKey,
            final AnswerEncoder answers) {
        this.arena = arena;
        this.tableHash = tableHash;
        this.digestKey = digestKey;
        this.answers = answers;
        databasesMax = context.databasesMax();
        final MemoryAccount account = new MemoryAccount(arena);
        names = new NameTable(account, tableHash);
        known = new KnownDatabases(account);
        residency = new Residency(context, this, arena, new RestoredEntries(arena, tableHash, digestKey));
    }

    Residency residency() {
        return residency;
    }

    KnownDatabases known() {
        return known;
    }

    /** Databases in memory. */
    int resident() {
        return resident;
    }

    int count() {
        return count;
    }

    /** Null if there is none with this number in memory. */
    Database byId(final int databaseId) {
        return databaseId > 0 && databaseId <= count ? databases[databaseId - 1] : null;
    }

    /** Whether there is one with this number, in memory or not. */
    boolean isKnown(final int databaseId) {
        return databaseId > 0 && databaseId <= count;
    }

    /** The number of a database by its name, compared as bytes; 0 if there is none. */
    int idOf(final DirectBuffer buffer, final int offset, final int length) {
        return names.find(buffer, offset, length) + 1;
    }

    /** Of databases, by their number less one. */
    NameTable names() {
        return names;
    }

    /** Decides an OpenDatabase, or a CreateDatabaseCommand as a record holds it. */
    void decide(
            final IngressCommand command,
            final long epoch,
            final DirectBuffer body,
            final int offset,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        header.wrap(body, offset);
        if (header.templateId() == CreateDatabaseCommandDecoder.TEMPLATE_ID) {
            create.wrapAndApplyHeader(body, offset, header);
            final int name = create.limit() + CreateDatabaseCommandDecoder.nameHeaderLength();
            final Database made =
                    make(create.rowPolicy(), create.keyForm(), create.maxDriftMs(), body, name, create.nameLength());
            if (made.id() != create.databaseId()) {
                throw new IllegalStateException(
                        "database comes out of order: databaseId=" + create.databaseId() + ", expected=" + made.id());
            }
            created(made, command, epoch, body, name, out, outOffset, decision);
            return;
        }
        open.wrapAndApplyHeader(body, offset, header);
        final int name = open.limit() + OpenDatabaseDecoder.nameHeaderLength();
        final int nameLength = open.nameLength();
        final int presentId = idOf(body, name, nameLength);
        residency.opening();
        if (presentId > 0 && byId(presentId) == null) {
            onAbsent(presentId, body, offset, name + nameLength - offset, out, outOffset, decision);
        } else if (presentId > 0) {
            final Database present = byId(presentId);
            residency.opened(present);
            decision.databaseId(presentId);
            decision.answer(outOffset, onPresent(present, out, outOffset));
        } else if (!isName(body, name, nameLength)) {
            refuse(
                    ErrorCode.INVALID_NAME,
                    NAME_BYTES_MAX,
                    nameLength,
                    "name must have 1 to 128 of A-Z a-z 0-9 . _ : -",
                    out,
                    outOffset,
                    decision);
        } else if (!open.flags().create()) {
            refuse(ErrorCode.UNKNOWN_DATABASE, NONE, NONE, "no such database", out, outOffset, decision);
        } else if ((command.flags() & IngressCommand.FLAG_MAY_CREATE) == 0) {
            refuse(ErrorCode.NOT_PERMITTED, NONE, NONE, "needs the create permission", out, outOffset, decision);
        } else if (count >= databasesMax) {
            refuse(
                    ErrorCode.QUOTA_EXCEEDED,
                    databasesMax,
                    count + 1L,
                    "databasesMax=" + databasesMax,
                    out,
                    outOffset,
                    decision);
        } else {
            final long asked = open.maxDriftMs();
            final long maxDriftMs = asked <= 0 ? MAX_DRIFT_MS_DEFAULT : asked;
            final Database made = make(open.rowPolicy(), open.keyForm(), maxDriftMs, body, name, nameLength);
            residency.opened(made);
            created(made, command, epoch, body, name, out, outOffset, decision);
        }
    }

    /** Not in memory: the answer is the question, which is asked again once the database is back. */
    private void onAbsent(
            final int databaseId,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        if (residency.hasRoom(databaseId)) {
            residency.want(databaseId);
            out.putBytes(outOffset, body, offset, length);
            decision.answer(outOffset, length);
            return;
        }
        decision.answer(outOffset, noRoom(databaseId, open.requestId(), out, outOffset));
    }

    /** Decides any other command for a database that is not in memory: it is brought back, and asked for again. */
    int onAbsent(final int databaseId, final long requestId, final MutableDirectBuffer out, final int outOffset) {
        if (!residency.hasRoom(databaseId)) {
            return noRoom(databaseId, requestId, out, outOffset);
        }
        residency.want(databaseId);
        return answers.error(
                out,
                outOffset,
                requestId,
                ErrorCode.BUSY,
                NONE,
                NONE,
                "the database is brought back into memory: databaseId=" + databaseId);
    }

    private int noRoom(final int databaseId, final long requestId, final MutableDirectBuffer out, final int outOffset) {
        final long actual = arena.bytesMax() - arena.freshBytes() + residency.needed(databaseId);
        return answers.error(
                out,
                outOffset,
                requestId,
                ErrorCode.RESOURCE_EXHAUSTED,
                arena.bytesMax(),
                actual,
                "no memory to bring the database back: stateBytesMax=" + arena.bytesMax() + ", needed=" + actual);
    }

    private int onPresent(final Database database, final MutableDirectBuffer out, final int outOffset) {
        final long asked = open.maxDriftMs();
        if (open.flags().create()
                && (open.rowPolicy() != database.rowPolicy()
                        || open.keyForm() != database.keyForm()
                        || (asked > 0 && asked != database.maxDriftMs()))) {
            return answers.error(
                    out,
                    outOffset,
                    open.requestId(),
                    ErrorCode.DATABASE_DIFFERS,
                    NONE,
                    NONE,
                    "database " + database.name() + " has "
                            + settings(database.rowPolicy(), database.keyForm(), asked > 0 ? database.maxDriftMs() : 0)
                            + "; asked for " + settings(open.rowPolicy(), open.keyForm(), asked));
        }
        return answers.databaseOpened(out, outOffset, open.requestId(), database, false);
    }

    /** In the words of the command line; a drift of 0 was not asked for. */
    private static String settings(final RowPolicy rowPolicy, final KeyForm keyForm, final long maxDriftMs) {
        return "row policy " + (rowPolicy == RowPolicy.DELETE_WINS ? "delete-wins" : "last-writer-wins") + ", key form "
                + (keyForm == KeyForm.QUEREUS ? "quereus" : "typed")
                + (maxDriftMs > 0 ? ", maxDriftMs=" + maxDriftMs : "");
    }

    private void refuse(
            final ErrorCode code,
            final long limitValue,
            final long actualValue,
            final String text,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        decision.answer(
                outOffset, answers.error(out, outOffset, open.requestId(), code, limitValue, actualValue, text));
    }

    /** Makes the next database. */
    Database make(
            final RowPolicy rowPolicy,
            final KeyForm keyForm,
            final long maxDriftMs,
            final DirectBuffer body,
            final int name,
            final int nameLength) {
        final Database made = build(register(rowPolicy, keyForm, maxDriftMs, body, name, nameLength));
        install(made);
        return made;
    }

    /** Makes the next database known, without anything in memory; tells its number. */
    int register(
            final RowPolicy rowPolicy,
            final KeyForm keyForm,
            final long maxDriftMs,
            final DirectBuffer body,
            final int name,
            final int nameLength) {
        names.add(body, name, nameLength, 0);
        if (count == databases.length) {
            databases = Arrays.copyOf(databases, count * 2);
        }
        count++;
        known.add(count);
        known.settings(count, rowPolicy, keyForm, maxDriftMs);
        return count;
    }

    /** An empty database with number, name and settings of one that is known; nobody finds it yet. */
    Database build(final int databaseId) {
        return new Database(
                databaseId,
                names.text(databaseId - 1),
                known.rowPolicy(databaseId),
                known.keyForm(databaseId),
                known.maxDriftMs(databaseId),
                arena,
                tableHash,
                digestKey);
    }

    /** It is found from now on. */
    void install(final Database database) {
        databases[database.id() - 1] = database;
        resident++;
    }

    /** It is not in memory any more, only known; whoever calls gives its memory back. */
    void remove(final Database database) {
        known.note(database);
        databases[database.id() - 1] = null;
        resident--;
    }

    private void created(
            final Database made,
            final IngressCommand command,
            final long epoch,
            final DirectBuffer body,
            final int name,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        record.start(out, outOffset);
        createEncoder
                .wrapAndApplyHeader(out, record.commandOffset(), headerEncoder)
                .databaseId(made.id())
                .rowPolicy(made.rowPolicy())
                .keyForm(made.keyForm())
                .maxDriftMs(made.maxDriftMs())
                .putName(body, name, made.name().length());
        headerEncoder.version(RecordDescriptor.SCHEMA_VERSION);
        record.command(MessageHeaderEncoder.ENCODED_LENGTH + createEncoder.encodedLength());
        final int length = record.finish(RecordKind.CREATE_DATABASE, command, epoch, made, 0, 0);
        decision.record(outOffset, length);
        decision.databaseId(made.id());
        final int answer = outOffset + ((length + 7) & -8);
        final long requestId = header.templateId() == OpenDatabaseDecoder.TEMPLATE_ID ? open.requestId() : 0;
        decision.answer(answer, answers.databaseOpened(out, answer, requestId, made, true));
    }

    private static boolean isName(final DirectBuffer buffer, final int offset, final int length) {
        boolean valid = length >= 1 && length <= NAME_BYTES_MAX;
        for (int i = 0; valid && i < length; i++) {
            final int c = buffer.getByte(offset + i);
            valid = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == ':'
                    || c == '-';
        }
        return valid;
    }
}
