package io.lockstep.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Data flows one way, and the import arrows run with it. */
@AnalyzeClasses(packages = "io.lockstep.engine", importOptions = ImportOption.DoNotIncludeTests.class)
class DependencyDirectionTest {
    private static final String ENGINE = "io.lockstep.engine.";

    /** Each package, and which of its neighbours it may import. */
    private static final Map<String, String[]> MAY_IMPORT = Map.of(
            "command",
            new String[] {},
            "snapshot",
            new String[] {},
            "port",
            new String[] {"command", "record", "snapshot"},
            "record",
            new String[] {},
            "arbitration",
            new String[] {"command", "record", "snapshot"},
            "delivery",
            new String[] {"record"},
            "memory",
            new String[] {"port", "record"},
            "recovery",
            new String[] {"arbitration", "command", "port", "record", "snapshot"},
            "ring",
            new String[] {"arbitration", "command", "port"},
            "stage",
            new String[] {"arbitration", "command", "port", "record", "recovery", "ring", "snapshot"});

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("io.lockstep.engine.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule disruptor_stays_in_the_ring = noClasses()
            .that()
            .resideOutsideOfPackage("io.lockstep.engine.ring..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.lmax..");

    @ArchTest
    static final ArchRule nothing_below_knows_the_assembled_engine = noClasses()
            .that()
            .resideInAPackage("io.lockstep.engine.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lockstep.engine");

    @TestFactory
    Stream<DynamicTest> everyPackageShouldImportOnlyWhatTheTableAllows() {
        final JavaClasses production = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.lockstep.engine");
        return MAY_IMPORT.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey(), () -> classes()
                        .that()
                        .resideInAPackage(ENGINE + row.getKey() + "..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(allowed(row.getKey(), row.getValue()))
                        .check(production)));
    }

    private static String[] allowed(final String self, final String[] neighbours) {
        final Stream<String> libraries = Stream.of("java..", "org.agrona..", "io.lockstep.codec..");
        final Stream<String> ring = self.equals("ring") ? Stream.of("com.lmax.disruptor..") : Stream.empty();
        final Stream<String> engine =
                Stream.concat(Stream.of(self), Stream.of(neighbours)).map(name -> ENGINE + name + "..");
        return Stream.of(libraries, ring, engine).flatMap(names -> names).toArray(String[]::new);
    }
}
