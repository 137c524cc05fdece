package io.lockstep.engine.arbitration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import java.util.UUID;

/** Arbitration reads the command, its time and its own state, and nothing else. */
@AnalyzeClasses(
        packages = "io.lockstep.engine.arbitration",
        importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class ArbitrationPurityTest {
    @ArchTest
    static final ArchRule READS_NO_CLOCK = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.time..", "org.agrona.concurrent.status..");

    @ArchTest
    static final ArchRule USES_NO_CHANCE = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, UUID.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.random..", "java.security..")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleNameEndingWith("Random")
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule HAS_NO_ORDER_OF_HASHES = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(HashMap.class, HashSet.class, IdentityHashMap.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("org.agrona.collections..")
            .orShould()
            .callMethod(System.class, "identityHashCode", Object.class)
            .orShould()
            .callMethod(Object.class, "hashCode")
            .orShould()
            .callMethod(Enum.class, "hashCode");

    @ArchTest
    static final ArchRule STARTS_NO_THREAD = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.concurrent..", "java.util.stream..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocal.class);

    @ArchTest
    static final ArchRule DOES_NO_INPUT_OR_OUTPUT = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..", "org.slf4j..");

    @ArchTest
    static final ArchRule ASKS_FOR_NO_LOCALE = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Locale.class, TimeZone.class)
            .orShould()
            .accessTargetWhere(target(String.class, "format"))
            .orShould()
            .accessTargetWhere(target(String.class, "toLowerCase"))
            .orShould()
            .accessTargetWhere(target(String.class, "toUpperCase"));

    @ArchTest
    static final ArchRule KEEPS_NO_STATIC_STATE = noFields()
            .that()
            .areDeclaredInClassesThat(
                    are("not synthetic", type -> !type.getName().contains("$")))
            .should()
            .notBeFinal()
            .andShould()
            .haveModifier(JavaModifier.STATIC);

    @ArchTest
    static final ArchRule COMPUTES_WITH_INTEGERS =
            noFields().should().haveRawType(double.class).orShould().haveRawType(float.class);

    @ArchTest
    static final ArchRule PASSES_INTEGERS = noClasses()
            .should()
            .accessTargetWhere(are(
                    "to or from a floating point number",
                    access -> access.getTarget().getFullName().contains("double")
                            || access.getTarget().getFullName().contains("float")));

    private static DescribedPredicate<JavaAccess<?>> target(final Class<?> owner, final String name) {
        return are(
                owner.getSimpleName() + "." + name,
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && access.getTarget().getName().equals(name));
    }

    private static <T> DescribedPredicate<T> are(
            final String description, final java.util.function.Predicate<T> predicate) {
        return DescribedPredicate.describe(description, predicate);
    }

    /** Keeps the import of classes honest: a package without classes would pass every rule. */
    @ArchTest
    static void shouldSeeTheArbiter(final com.tngtech.archunit.core.domain.JavaClasses classes) {
        final JavaClass arbiter = classes.get(Arbiter.class);
        if (arbiter.getMethods().isEmpty()) {
            throw new AssertionError("the arbiter was not imported");
        }
    }
}
