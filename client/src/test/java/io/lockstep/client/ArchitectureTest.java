package io.lockstep.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.lockstep.client", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule SHOULD_NEED_NOTHING_BUT_THE_CODEC_AND_AGRONA = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.lockstep.client..", "io.lockstep.codec..", "org.agrona..", "java..", "javax.net.ssl..");

    @ArchTest
    static final ArchRule SHOULD_HAVE_NO_CYCLES =
            slices().matching("io.lockstep.client.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule SHOULD_KEEP_REPLICAS_AND_VALUES_FREE_OF_CONNECTIONS = noClasses()
            .that()
            .resideInAnyPackage("..client.model..", "..client.replica..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lockstep.client", "..client.wire..", "java.net..", "java.nio.channels..");

    @ArchTest
    static final ArchRule SHOULD_WORK_WITHOUT_ITS_OFFLINE_PART = noClasses()
            .that()
            .resideOutsideOfPackages("..client.offline..", "..client.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..client.offline..", "..client.store..");

    @ArchTest
    static final ArchRule SHOULD_STORE_WITHOUT_KNOWING_WHAT = noClasses()
            .that()
            .resideInAPackage("..client.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.lockstep.client",
                    "..client.model..",
                    "..client.replica..",
                    "..client.wire..",
                    "io.lockstep.codec..");

    @ArchTest
    static final ArchRule SHOULD_TAKE_TIME_FROM_ITS_CLOCK = noClasses()
            .that()
            .resideInAnyPackage("..client.wire..", "..client.replica..", "..client.model..")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}
