using CertiFlip.Cli.Output;
using CertiFlip.Paper;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary>What <c>reproduce</c> prints.</summary>
internal static class ReproductionTable
{
    // Names that leave room for four columns of flips.
    private const int LongestName = 12;

    public static void Write(IAnsiConsole console, ReproductionResult result, string page, TimeSpan elapsed)
    {
        Reproduction reproduction = result.Reproduction;
        console.WriteLine(result.Experiment.Title);
        if (reproduction.ConditionalOnLambda)
            console.WriteLine("Conditional on λ, which the paper’s rule computes from the labels.");
        if (reproduction.Series.Count > 0)
            console.Write(SeriesTable(reproduction.Series));
        if (reproduction.Claims.Count > 0)
            console.Write(ClaimTable(reproduction.Claims));
        console.WriteLine(reproduction.Lead);
        console.WriteLine($"{Format.Seconds(elapsed)}. The figure, with everything that it rests on: {page}");
    }

    private static Table SeriesTable(IReadOnlyList<Series> all)
    {
        int[] flips = FlipsToShow(all);
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("series").NoWrap()).AddColumn(new TableColumn("q").RightAligned().NoWrap());
        foreach (string heading in (string[])["clean", .. flips.Select(r => $"r={r:N0}"), "median"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap().PadLeft(0));
        foreach (Series series in all)
        {
            table.AddRow([
                series.Name, $"{series.Noise}", Format.Percent(series.Curve.Accuracy),
                .. flips.Select(r => Format.Percent(series.Curve.At(r))), $"{series.Curve.MedianRadius:N1}"]);
        }

        return table;
    }

    private static Table ClaimTable(IReadOnlyList<Claim> claims)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("what").AddColumn("paper").AddColumn("here");
        foreach (Claim claim in claims)
            table.AddRow(Markup.Escape(claim.What), Markup.Escape(claim.Paper), Markup.Escape(claim.Here));
        return table;
    }

    /// <summary>As many round numbers as fit on a terminal of 80 columns, around where the medians lie.</summary>
    private static int[] FlipsToShow(IReadOnlyList<Series> all)
    {
        double largest = all.Where(series => !series.IsUndefended).Max(series => series.Curve.MedianRadius);
        int decade = (int)Math.Pow(10, Math.Floor(Math.Log10(Math.Max(10, largest))));
        int[] flips = [decade / 10, decade / 2, decade, 5 * decade];
        return all.Max(series => series.Name.Length) > LongestName ? flips[1..3] : flips;
    }
}
