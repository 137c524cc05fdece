package io.lockstep.benchmarks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a benchmark method may cost; {@link BudgetReport} holds the result against it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Budget {
    /**
     * Time of one operation.
     *
     * @return nanoseconds, at most
     */
    double nsPerOp();

    /**
     * Heap allocated by one operation.
     *
     * @return bytes, at most
     */
    double bytesPerOp() default 0;
}
