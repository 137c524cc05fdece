package io.lockstep.gateway.limits;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitStatus;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ObjLongConsumer;
import org.agrona.DirectBuffer;

/**
 * How often clients were refused, by error code, whoever refused them: the gateway or arbitration. Written by the thread of
 * the transports; any thread may read, a moment late.
 */
public final class RefusalCounters {
    /** All codes are below it. */
    private static final int CODES = 256;

    /** Of change sets too far ahead of the clock, which have no code. */
    private static final int DRIFT = 0;

    private final AtomicLongArray counts = new AtomicLongArray(CODES);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmitResultDecoder result = new SubmitResultDecoder();
    private final ErrorDecoder error = new ErrorDecoder();

    /** All zero. */
    public RefusalCounters() {}

    /**
     * The gateway refuses. Thread of the transports.
     *
     * @param code that the client is sent
     */
    public void onRefused(final ErrorCode code) {
        add(code.value());
    }

    /**
     * Arbitration answers a client, perhaps with a refusal. Thread of the transports.
     *
     * @param buffer holds the message
     * @param offset of its message header
     */
    public void onAnswer(final DirectBuffer buffer, final int offset) {
        final int templateId = header.wrap(buffer, offset).templateId();
        if (templateId == SubmitResultDecoder.TEMPLATE_ID) {
            final SubmitStatus status =
                    result.wrapAndApplyHeader(buffer, offset, header).status();
            if (status != SubmitStatus.ACCEPTED && status != SubmitStatus.NO_EFFECT) {
                add(status == SubmitStatus.REJECTED_DRIFT ? DRIFT : result.reason());
            }
        } else if (templateId == ErrorDecoder.TEMPLATE_ID) {
            add(error.wrapAndApplyHeader(buffer, offset, header).codeRaw());
        }
    }

    private void add(final int code) {
        if (code < CODES) {
            counts.lazySet(code, counts.getPlain(code) + 1);
        }
    }

    /**
     * Shows all of them.
     *
     * @param shown gets {@code refused_}, the code in lower case and {@code _total}, and the count
     */
    public void forEach(final ObjLongConsumer<String> shown) {
        shown.accept("refused_drift_total", counts.get(DRIFT));
        for (final ErrorCode code : ErrorCode.values()) {
            if (code != ErrorCode.NULL_VAL) {
                shown.accept("refused_" + code.name().toLowerCase(Locale.ROOT) + "_total", counts.get(code.value()));
            }
        }
    }
}
