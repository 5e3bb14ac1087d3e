package dev.freshet.compiler.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RemedyTest {
  @Test
  void aKnownReasonHasAdviceOfItsOwn() {
    assertThat(Remedy.on("NATURAL JOIN")).isEqualTo("Write JOIN ... USING (...).");
    assertThat(Remedy.on("function random() is volatile")).startsWith("Compute it");
  }

  @Test
  void anyOtherReasonHasTheUsualOne() {
    assertThat(Remedy.on("something new")).isEqualTo("Change that part of the query.");
  }
}
