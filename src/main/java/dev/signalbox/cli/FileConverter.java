package dev.signalbox.cli;

import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The name of a file. An empty one would be the folder in which the program runs.
final class FileConverter implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException(
          "the name of the file is missing; write it behind the option, or leave the option out");
    }
    return Path.of(text);
  }
}
