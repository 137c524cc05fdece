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
}
