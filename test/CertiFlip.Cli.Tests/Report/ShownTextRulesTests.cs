namespace CertiFlip.Cli.Tests.Report;

/// <summary>Text reaches the console by one way, which escapes it.</summary>
public sealed class ShownTextRulesTests
{
    private static readonly string[] OtherWays =
        [".WriteLine($", ".WriteLine(\"", ".Write($\"", "Out.Writer.Write", "Console.Write", "MarkupLine", "Markup.Escape"];

    private static readonly string[] TheWay = ["ConsoleText.cs", "JsonText.cs", "CertiFlipCommand.cs", "Program.cs"];

    [Fact]
    public void Nothing_writes_to_the_console_but_what_escapes()
    {
        string[] others =
        [
            .. from file in SourceTree.Read(Repository.File("src", "CertiFlip.Cli")).Files
               where !TheWay.Any(name => file.ToString()!.EndsWith(name, StringComparison.Ordinal))
               from line in file.Text.Split('\n')
               where OtherWays.Any(way => line.Contains(way, StringComparison.Ordinal))
               select $"{file}: {line.Trim()}",
        ];
        Assert.Empty(others);
    }
}
