package dev.signalbox.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every rule holds for the product, and every rule finds the example in `wrong` that breaks it.
class ArchitectureTest {
  private static final String ROOT = "dev.signalbox";
  private static final String WRONG = "dev.signalbox.architecture.wrong";

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);
  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/architecture/wrong/"))
          .withImportOption(location -> !location.contains("/jmh_generated/"))
          .importPackages(ROOT);
  private static final JavaClasses EXAMPLES = new ClassFileImporter().importPackages(WRONG);

  private static final Map<String, Function<Rules, ArchRule>> RULES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("engine knows no face", Rules::engineKnowsNoFace),
              Map.entry("faces know only the top", Rules::facesKnowOnlyThePublishedEngine),
              Map.entry("window knows no other face", Rules::theWindowKnowsNoOtherFace),
              Map.entry("other faces know no window", Rules::otherFacesKnowNoWindow),
              Map.entry(
                  "database knows no other plane",
                  r -> r.planeKnowsNoOther("database", "application", "strategy")),
              Map.entry(
                  "application knows no other plane",
                  r -> r.planeKnowsNoOther("application", "database", "strategy")),
              Map.entry(
                  "strategy knows no other plane",
                  r -> r.planeKnowsNoOther("strategy", "database", "application")),
              Map.entry("conductor knows only planes", Rules::conductorKnowsOnlyPlanes),
              Map.entry("the model blocks on nothing", Rules::modelBlocksOnNothing),
              Map.entry("a simple name exists once", Rules::simpleNamesAreUnique),
              Map.entry("strategy client stands alone", Rules::strategyClientStandsAlone),
              Map.entry("no package cycles", Rules::noCycles),
              Map.entry("packages are null-marked", Rules::packagesAreNullMarked),
              Map.entry("only commands print", Rules::onlyCommandsPrint),
              Map.entry("one JSON library", Rules::oneJsonLibrary),
              Map.entry("one logging front", Rules::oneLoggingFront),
              Map.entry("no reflection", Rules::noReflection),
              Map.entry("rows go through JDBI", Rules::rowsGoThroughJdbi),
              Map.entry("only the top ends the process", Rules::onlyTheTopEndsTheProcess)));

  @TestFactory
  Stream<DynamicTest> productKeepsTheRule() {
    Rules rules = new Rules(ROOT);
    return RULES.entrySet().stream()
        .map(rule ->
            DynamicTest.dynamicTest(
                rule.getKey(), () -> rule.getValue().apply(rules).check(PRODUCT)));
  }

  @TestFactory
  Stream<DynamicTest> ruleFindsTheExampleThatBreaksIt() {
    Rules rules = new Rules(WRONG);
    return RULES.entrySet().stream()
        .map(rule ->
            DynamicTest.dynamicTest(
                rule.getKey(),
                () ->
                    assertThat(rule.getValue().apply(rules).evaluate(EXAMPLES).hasViolation())
                        .isTrue()));
  }

  @Test
  void noTestHasTheNameOfAnotherClass() {
    new Rules(ROOT)
        .simpleNamesAreUnique()
        .check(
            new ClassFileImporter()
                .withImportOption(location -> !location.contains("/architecture/wrong/"))
                .withImportOption(location -> !location.contains("/jmh_generated/"))
                .importPackages(ROOT));
  }

  @Test
  void testsWaitOnConditions() {
    new Rules(ROOT).testsWaitOnConditions().check(TESTS);
    assertThat(new Rules(WRONG).testsWaitOnConditions().evaluate(EXAMPLES).hasViolation()).isTrue();
  }

  @Test
  void testPackagesAreNullMarkedToo() {
    new Rules(ROOT).packagesAreNullMarked().check(TESTS);
  }
}
