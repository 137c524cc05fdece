package io.lockstep.codec;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.lockstep.codec", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule SHOULD_NEED_NOTHING_BUT_THE_JDK_AND_AGRONA = classes()
            .that()
            .resideInAPackage("io.lockstep.codec..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.agrona..", "io.lockstep.codec..");

    @ArchTest
    static final ArchRule SHOULD_NOT_DEPEND_IN_CIRCLES =
            slices().matching("io.lockstep.codec.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule SHOULD_READ_NEITHER_CLOCK_NOR_CHANCE = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}
