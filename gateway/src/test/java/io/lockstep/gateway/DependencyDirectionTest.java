package io.lockstep.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class DependencyDirectionTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.lockstep.gateway");

    @Test
    void shouldHaveNoCycles() {
        slices().matching("io.lockstep.gateway.(*)..").should().beFreeOfCycles().check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.lockstep.gateway.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lockstep.gateway")
                .check(CLASSES);
    }

    @Test
    void shouldKeepNettyToTheTransport() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.lockstep.gateway.tcp..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }

    @Test
    void shouldTakeTimeAsAnArgumentInSessions() {
        noClasses()
                .that()
                .resideInAnyPackage("io.lockstep.gateway.session..", "io.lockstep.gateway.limits..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }
}
