namespace CertiFlip.Cli.Commands.Certify;

/// <summary>The data set that ships with the command: UCI handwritten digits.</summary>
internal static class DigitsDemo
{
    private const string FileName = "digits.csv";

    /// <summary>Every third row is a test row.</summary>
    private const int TestEvery = 3;

    /// <summary>Writes the training and the test rows, with the header, in the form that <c>certify</c> reads.</summary>
    public static void Write(TextWriter training, TextWriter test)
    {
        using Stream stream = typeof(DigitsDemo).Assembly.GetManifestResourceStream(FileName)!;
        using var reader = new StreamReader(stream);
        string header = reader.ReadLine()!;
        training.WriteLine(header);
        test.WriteLine(header);
        for (int row = 1; reader.ReadLine() is { } line; row++)
            (row % TestEvery == 0 ? test : training).WriteLine(line);
    }
}
