package io.lockstep.codec.frame;

/**
 * What a frame may hold at most. Immutable; shared by the node and its clients.
 *
 * @param frameBytesMax whole frame, framing header included, bytes
 * @param changesMax changes and migrations of one change set together
 * @param nameBytesMax schema, table, column and index names, bytes of UTF-8; at least 1 byte each
 * @param keyBytesMax an encoded primary key, bytes; a key has at least one part
 * @param keyPartsMax parts of a primary key
 * @param ddlBytesMax a migration's statement, bytes
 */
public record FrameLimits(
        int frameBytesMax, int changesMax, int nameBytesMax, int keyBytesMax, int keyPartsMax, int ddlBytesMax) {
    /** What a node starts with when nothing else is configured. */
    public static final FrameLimits DEFAULT = new FrameLimits(1 << 20, 16_384, 255, 4_096, 32, 64 * 1024);

    /** Largest frame before a connection is authenticated, bytes. */
    public static final int UNAUTHENTICATED_FRAME_BYTES_MAX = 4_096;

    /** Longest checkpoint, bytes; fixed by the protocol. */
    public static final int CHECKPOINT_BYTES_MAX = 128;

    /** Longest name of a database, bytes; fixed by the protocol. */
    public static final int DATABASE_NAME_BYTES_MAX = 128;

    /** Longest data with a 16-bit length, bytes; fixed by the protocol. */
    public static final int SHORT_DATA_BYTES_MAX = 65_534;

    /** Largest journal record, message header included, bytes; does not depend on what clients may send. */
    public static final int RECORD_BYTES_MAX = 64 << 20;

    /** Only what the encoding itself can hold: for what a node sends, and for journal records. */
    static final FrameLimits WIDEST = new FrameLimits(
            RECORD_BYTES_MAX,
            2 * SHORT_DATA_BYTES_MAX,
            SHORT_DATA_BYTES_MAX,
            SHORT_DATA_BYTES_MAX,
            SHORT_DATA_BYTES_MAX,
            RECORD_BYTES_MAX);
}
