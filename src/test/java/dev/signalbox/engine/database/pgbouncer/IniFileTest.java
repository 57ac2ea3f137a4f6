package dev.signalbox.engine.database.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.database.route.SideAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IniFileTest {
  private static final SideAddress NEW = new SideAddress("10.0.0.2", 5433, "bank");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("pgbouncer.ini");
  }

  private IniFile ini(String text) throws IOException {
    // One byte that is no UTF-8: a comment may be in any encoding.
    byte[] head = {'#', (byte) 0xe4, '\n'};
    byte[] rest = IniFile.bytes(text);
    byte[] all = new byte[head.length + rest.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(rest, 0, all, head.length, rest.length);
    Files.write(file, all);
    return new IniFile(file, "bank");
  }

  private String text() throws IOException {
    return IniFile.text(Files.readAllBytes(file)).substring(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          bank = host=a port=1 dbname=bank user=x       | bank = host=10.0.0.2 port=5433 dbname=bank user=x
          bank=host=a port=1                            | bank=host=10.0.0.2 port=5433
          bank = port=1   host='a'  pool_size=3         | bank = port=5433   host=10.0.0.2  pool_size=3
          "bank" = host = a port =  1                   | "bank" = host = 10.0.0.2 port =  5433
          bank = dbname='other''s' host=a port=1        | bank = dbname=bank host=10.0.0.2 port=5433
          bank = host=a                                 | bank = port=5433 host=10.0.0.2
          bank =                                        | bank =host=10.0.0.2 port=5433
          bank = host=a host=b port=1                   | bank = host=10.0.0.2 host=10.0.0.2 port=5433
          bank = host=a port=1 connect_query='set x = ''host=a''' | bank = host=10.0.0.2 port=5433 connect_query='set x = ''host=a'''
          bank = host=a port=1 auth_query='SELECT host=1' auth_user=q | bank = host=10.0.0.2 port=5433 auth_query='SELECT host=1' auth_user=q
          """)
  void onlyHostPortAndDatabaseOfTheEntryAreChanged(String line, String changed) throws IOException {
    String around =
        """
        ; bank = host=a\r
        [databases]\r
        other = host=a port=1
        bank2 = host=a port=1
          %s\r
        * = host=a port=1
        [pgbouncer]
        bank = host=a port=1
        """;
    IniFile ini = ini(around.formatted(line));

    ini.lead(NEW);

    String expected = changed.endsWith("5433") && line.endsWith("=") ? changed + " " : changed;
    assertThat(text()).isEqualTo(around.formatted(expected));
    assertThat(ini.leads()).isEqualTo(NEW);
  }

  @Test
  void aDatabaseNameIsQuotedWhenItMustBe() throws IOException {
    IniFile ini = ini("[databases]\nbank = host=a port=1 dbname=x\n");
    SideAddress odd = new SideAddress("a", 1, "o'dd bänk");
    ini.lead(odd);
    assertThat(ini.leads()).isEqualTo(odd);
    assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
        .endsWith("dbname='o''dd b\u00c3\u00a4nk'\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          [databases]\\nother = host=a                   | has no entry 'bank' in [databases] (an entry '*' is not enough)
          [users]\\nbank = pool_mode=session             | has no entry 'bank'
          [databases]\\nbank = host=a\\nbank = host=b    | has database 'bank' more than once. Keep one
          [databases]\\nbank = host=a port=x             | the port of database 'bank' is no number: x. Correct it.
          [databases]\\nbank = host=a port               | behind 'port' of database 'bank' a '=' is missing
          [databases]\\nbank = host='a                   | a quote of database 'bank' is not closed
          [databases]\\n%include none.ini\\nbank = host=a | includes none.ini, which is not found beside it
          [databases]\\n%include has.ini\\nbank = host=a  | Name that file as 'ini', and remove the entry here.
          [databases]\\n%include deep.ini                | Name that file as 'ini'.
          """)
  void whatCannotBeChangedIsRefusedByName(String text, String sentence) throws IOException {
    Files.writeString(folder.resolve("has.ini"), "bank = host=c\n");
    Files.writeString(folder.resolve("deep.ini"), "%include has.ini\n%include deep.ini\n");
    IniFile ini = ini(text.replace("\\n", "\n"));
    String before = text();

    assertThatThrownBy(() -> ini.lead(NEW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(sentence);

    assertThat(text()).isEqualTo(before);
  }

  @Test
  void anIncludedFileMayBeTheOneThatIsNamed() throws IOException {
    IniFile ini = ini("bank = host=a port=1\n");
    ini.lead(NEW);
    assertThat(text()).isEqualTo("bank = host=10.0.0.2 port=5433\n");

    IniFile other = ini("[databases]\n%include harmless.ini\nbank = host=a port=1\n");
    Files.writeString(folder.resolve("harmless.ini"), "bank2 = host=a\n");
    other.lead(NEW);
    assertThat(other.leads()).isEqualTo(NEW);
  }
}
