package dev.signalbox.cli;

import dev.signalbox.engine.Colour;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Blue or green.
final class ColourConverter implements ITypeConverter<Colour> {
  @Override
  public Colour convert(String text) {
    try {
      return Colour.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
