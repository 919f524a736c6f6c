using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>What <c>attack</c> prints: what is left of each classifier, and which attacks did it.</summary>
internal static class AttackTable
{
    private static readonly int[] Digits = [1, 2, 5];

    // As many as fit on a terminal of 80 columns.
    private const int FlipColumns = 6;

    public static void Write(IAnsiConsole console, AttackResult result, int threads, TimeSpan elapsed)
    {
        Heading.Write(console, result.Data, [.. result.Methods.Select(method => method.Sentence)], result.ConditionalOnLambda);
        console.Write(TableOf(result));
        foreach (AttackedMethod method in result.Methods)
            console.WriteLine($"{method.Name}: an attack was found for {method.Broken:N0} of {method.Findings.Count:N0} predictions{Which(method)}.");
        string left = result.Data.HasTruth ? "Accuracy" : "Predictions that stay";
        console.WriteLine($"{left} when every test row is attacked by itself with {(result.Data.Adversary.HasUnitCosts ? "up to r flips" : "flips that cost up to r")}.");
        console.WriteLine(Heading.Time(elapsed, threads));
    }

    private static Table TableOf(AttackResult result)
    {
        AccuracyCurve[] curves = [.. result.Methods.Select(method => method.Curve)];

        // A row for which nothing was found survives all; what the others need says where to look.
        int most = result.Methods.SelectMany(method => method.Findings).Max(finding => finding.Cost);
        int[] flips = [0, .. Enumerable.Range(0, 9).SelectMany(power => Digits.Select(digit => digit * (int)Math.Pow(10, power))).TakeWhile(r => r <= most).TakeLast(FlipColumns)];
        var table = new Table().Border(TableBorder.Simple).AddColumn("classifier");
        foreach (string heading in flips.Select(r => $"r={r:N0}"))
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap().PadLeft(0));
        foreach ((AttackedMethod method, AccuracyCurve curve) in result.Methods.Zip(curves))
            table.AddRow([method.Name, .. flips.Select(r => Format.Percent(r == 0 ? curve.Accuracy : curve.At(r)))]);
        return table;
    }

    private static string Which(AttackedMethod method)
    {
        KeyValuePair<string, int>[] counts = [.. method.Findings.Where(finding => finding.IsBroken).CountBy(finding => finding.Attack).OrderByDescending(count => count.Value)];
        return counts.Length < 2 ? "" : $" ({string.Join(", ", counts.Select(count => $"{count.Key} {count.Value:N0}"))})";
    }
}
