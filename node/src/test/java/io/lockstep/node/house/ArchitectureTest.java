package io.lockstep.node.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses node = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.lockstep.node");

    @Test
    void shouldHaveNoCycleOfPackages() {
        slices().matching("io.lockstep.node.(*)..").should().beFreeOfCycles().check(node);
    }

    @Test
    void shouldLetOnlyTheRootKnowAllCommands() {
        noClasses()
                .that()
                .resideInAnyPackage("io.lockstep.node.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lockstep.node")
                .check(node);
    }

    @Test
    void shouldSettleSettingsWithoutKnowingWhoUsesThem() {
        noClasses()
                .that()
                .resideInAnyPackage("io.lockstep.node.cli..", "io.lockstep.node.config..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.lockstep.node.server..",
                        "io.lockstep.node.admin..",
                        "io.lockstep.node.tool..",
                        "io.lockstep.node.demo..")
                .check(node);
    }
}
