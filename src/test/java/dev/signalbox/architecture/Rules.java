package dev.signalbox.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/// The rules, for any root package, so that they can be tried on examples that break them.
record Rules(String root) {
  /// Made by protoc; their names are those of the messages.
  private static final String[] GENERATED = {
    "..strategy.wire..", "..strategy.fleet..", "..engine.strategy.control.."
  };

  private String in(String name) {
    return root + "." + name + "..";
  }

  ArchRule engineKnowsNoFace() {
    return noClasses()
        .that()
        .resideInAPackage(in("engine"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "javafx..",
            "picocli..",
            "org.controlsfx..",
            "atlantafx..",
            in("ui"),
            in("cli"),
            in("demo"),
            in("entry"),
            in("cluster"),
            in("app"))
        .because("the same engine runs behind the window, the command line and a pipeline");
  }

  ArchRule facesKnowOnlyThePublishedEngine() {
    return noClasses()
        .that()
        .resideInAnyPackage(in("ui"), in("cli"))
        .should()
        .dependOnClassesThat(resideInAPackage(root + ".engine.*.."))
        .because("a screen or a command sees what the engine publishes at its top, nothing below")
        .allowEmptyShould(true);
  }

  ArchRule theWindowKnowsNoOtherFace() {
    return noClasses()
        .that()
        .resideInAPackage(in("ui"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in("cli"), in("demo"), in("app"), "picocli..")
        .because("only the composition root knows everyone")
        .allowEmptyShould(true);
  }

  ArchRule otherFacesKnowNoWindow() {
    return noClasses()
        .that()
        .resideInAnyPackage(in("cli"), in("demo"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in("ui"), "javafx..")
        .because("they run where there is no display; only the composition root opens windows")
        .allowEmptyShould(true);
  }

  ArchRule planeKnowsNoOther(String plane, String... others) {
    String[] forbidden = new String[others.length];
    for (int i = 0; i < others.length; i++) {
      forbidden[i] = in("engine." + others[i]);
    }
    return noClasses()
        .that()
        .resideInAPackage(in("engine." + plane))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .because("a plane can be taken away without the others noticing")
        .allowEmptyShould(true);
  }

  ArchRule conductorKnowsOnlyPlanes() {
    return noClasses()
        .that()
        .resideInAPackage(in("engine.release"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "java.sql..",
                "org.postgresql..",
                "org.jdbi..",
                "io.vertx..",
                "io.grpc..",
                "java.net.http..",
                in("engine.database"),
                in("engine.application"),
                in("engine.strategy")))
        .because(
            "the conductor knows planes, phases, steps and gates; a fourth plane is a package");
  }

  ArchRule modelBlocksOnNothing() {
    return noClasses()
        .that()
        .resideInAPackage(in("engine.release.model"))
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            root + ".engine",
            in("engine.release.model"),
            "java.lang",
            "java.lang.annotation",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.time",
            "java.util",
            "java.util.function",
            "java.util.stream",
            "org.slf4j..",
            "org.jspecify..")
        .because("what is legal is decided without threads, clocks and input");
  }

  ArchRule strategyClientStandsAlone() {
    return noClasses()
        .that()
        .resideInAPackage(in("strategy"))
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            in("strategy"),
            "java..",
            "org.slf4j..",
            "io.grpc..",
            "com.google.protobuf..",
            // In the signatures of stubs that grpc-java generates.
            "com.google.common.util.concurrent..",
            "org.jspecify..")
        .because("applications embed it")
        .allowEmptyShould(true);
  }

  ArchRule noCycles() {
    return slices().matching(root + ".(**)").should().beFreeOfCycles();
  }

  ArchRule simpleNamesAreUnique() {
    return classes()
        .that(resideInAPackage(root + ".."))
        .and(resideOutsideOfPackages(GENERATED))
        .and(DescribedPredicate.describe("are at the top", type -> !type.getName().contains("$")))
        .should(haveANameOfTheirOwn())
        .because("a name in a sentence, a log or a search means one class");
  }

  ArchRule packagesAreNullMarked() {
    return classes().that().resideInAPackage(root + "..").should(resideInANullMarkedPackage());
  }

  ArchRule onlyCommandsPrint() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(root, in("cli"), in("demo"))
        .should(ACCESS_STANDARD_STREAMS)
        .because("standard output belongs to the command; everything else logs or publishes");
  }

  ArchRule oneJsonLibrary() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "com.fasterxml.jackson.core..",
            "com.fasterxml.jackson.databind..",
            "io.vertx.core.json..",
            "com.google.gson..",
            "org.json..",
            "jakarta.json..")
        .because("Jackson 3 (tools.jackson) reads and writes all JSON");
  }

  ArchRule oneLoggingFront() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.util.logging..",
            "org.apache.logging..",
            "org.apache.commons.logging..",
            "ch.qos..")
        .because("everything logs through slf4j");
  }

  ArchRule noReflection() {
    return noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.lang.reflect..")
                .and(DescribedPredicate.not(equivalentTo(Type.class))))
        .orShould()
        .callMethod(Class.class, "forName", String.class)
        .because("what is wired by hand can be read");
  }

  ArchRule rowsGoThroughJdbi() {
    return noClasses()
        .that()
        .resideInAPackage(in("engine"))
        .and()
        .haveNameNotMatching(".*\\.engine\\.postgres\\.(DatabaseTypes|Verbatim)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.sql\\.((Prepared|Callable)?Statement|ResultSet)")
        .because("JDBI reads and writes rows; a text that is not ours runs through Verbatim");
  }

  ArchRule onlyTheTopEndsTheProcess() {
    return noClasses()
        .that()
        .resideInAnyPackage(in("engine"), in("ui"), in("cli"))
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .because("what is held must be released first");
  }

  ArchRule testsWaitOnConditions() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("support"))
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .because("a test waits with support.Await on what it needs, never for a guessed time");
  }

  private static ArchCondition<JavaClass> haveANameOfTheirOwn() {
    return new ArchCondition<>("have a simple name that no other class has") {
      private final Map<String, List<String>> names = new HashMap<>();

      @Override
      public void init(Collection<JavaClass> all) {
        all.stream()
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .forEach(type ->
                names
                    .computeIfAbsent(type.getSimpleName(), _ -> new ArrayList<>())
                    .add(type.getName()));
      }

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        List<String> same = names.getOrDefault(type.getSimpleName(), List.of());
        events.add(new SimpleConditionEvent(type, same.size() < 2, same + " have one name"));
      }
    };
  }

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return new ArchCondition<>("reside in a package with @NullMarked in its package-info.java") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(
            new SimpleConditionEvent(
                type, marked, type.getPackageName() + " of " + type.getSimpleName() + " is not"));
      }
    };
  }
}
