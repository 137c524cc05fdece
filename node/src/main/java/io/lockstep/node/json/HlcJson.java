package io.lockstep.node.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Site;
import io.lockstep.codec.value.HlcDescriptor;
import java.io.IOException;

/** Hybrid logical clocks and sites as JSON. Stateless. */
final class HlcJson {
    static final long UNSIGNED_32_MAX = 0xFFFF_FFFFL;
    private static final int SITE_DIGITS = 32;

    private HlcJson() {}

    static void write(final JsonGenerator out, final Hlc hlc) throws IOException {
        out.writeStartObject();
        out.writeNumberField("wall", hlc.wall());
        out.writeNumberField("counter", hlc.counter());
        out.writeStringField("site", hlc.site().toString());
        out.writeNumberField("opSeq", hlc.opSeqUnsigned());
        out.writeEndObject();
    }

    static Hlc read(final LineCursor in) {
        in.next();
        in.require(JsonToken.START_OBJECT, "an object {wall, counter, site, opSeq}");
        Long wall = null;
        Integer counter = null;
        Site site = null;
        Long opSeq = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "wall" -> wall = readWall(in);
                case "counter" -> counter = readCounter(in);
                case "site" -> site = readSite(in);
                case "opSeq" -> opSeq = in.integer(0, UNSIGNED_32_MAX);
                default -> throw in.unknownField(field, "wall, counter, site, opSeq");
            }
        }
        return new Hlc(
                in.given(wall, "wall"),
                in.given(counter, "counter"),
                in.given(site, "site"),
                in.given(opSeq, "opSeq").intValue());
    }

    static long readWall(final LineCursor in) {
        return in.integer(0, HlcDescriptor.WALL_LIMIT - 1);
    }

    static int readCounter(final LineCursor in) {
        return (int) in.integer(0, Hlc.COUNTER_MAX);
    }

    static Site readSite(final LineCursor in) {
        final String right = SITE_DIGITS + " hexadecimal digits";
        final String text = in.string(right);
        if (text.length() != SITE_DIGITS) {
            throw in.wrong(right);
        }
        try {
            return Site.parse(text);
        } catch (final IllegalArgumentException e) {
            throw in.wrong(right);
        }
    }
}
