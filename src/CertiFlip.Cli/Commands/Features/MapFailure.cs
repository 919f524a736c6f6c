using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Features;

/// <summary>What a map cannot do with the user's data, told as a fault of the data.</summary>
internal static class MapFailure
{
    /// <summary>Whether it lies in the data: too few rows, sizes that do not fit, numbers beyond a double's range.</summary>
    public static bool IsOfData(Exception exception) => exception is ArgumentException or ArithmeticException;

    /// <summary>The same, naming the file; without the name that a parameter has in the library.</summary>
    public static DataException In(string path, Exception exception) =>
        new($"{path}: {(exception is ArgumentException { ParamName: { } name } ? exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : exception.Message)}", exception);
}
