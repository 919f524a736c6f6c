namespace CertiFlip.Cli.Demo;

/// <summary>The data set that ships with the command: UCI handwritten digits, two of the ten classes.</summary>
internal static class DigitsDemo
{
    private const string FileName = "digits.csv";

    /// <summary>Every third row is a test row.</summary>
    private const int TestEvery = 3;

    public static IReadOnlyList<string> Pair { get; } = ["1", "7"];

    /// <summary>Writes the pair's training and test rows, with the header, in the form that <c>certify</c> reads.</summary>
    public static void Write(TextWriter training, TextWriter test)
    {
        using Stream stream = typeof(DigitsDemo).Assembly.GetManifestResourceStream(FileName)!;
        using var reader = new StreamReader(stream);
        string header = reader.ReadLine()!;
        training.WriteLine(header);
        test.WriteLine(header);
        for (int row = 0; reader.ReadLine() is { } line;)
        {
            string label = line[(line.LastIndexOf(',') + 1)..];
            if (Pair.Contains(label))
                (row++ % TestEvery == TestEvery - 1 ? test : training).WriteLine(line);
        }
    }
}
