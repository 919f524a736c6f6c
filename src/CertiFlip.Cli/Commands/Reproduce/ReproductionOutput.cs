using System.Reflection;
using System.Text.Json.Serialization;
using CertiFlip.Cli.Output;
using CertiFlip.Paper;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary>A reproduction with all that its files say of it.</summary>
/// <param name="Experiment">Which experiment.</param>
/// <param name="Options">What was chosen.</param>
/// <param name="Reproduction">What came out.</param>
/// <param name="Files">The raw data.</param>
internal sealed record ReproductionResult(
    IExperiment Experiment, ExperimentOptions Options, Reproduction Reproduction, IReadOnlyList<UsedFile> Files);

/// <summary>What <c>reproduce</c> prints.</summary>
internal static class ReproductionTable
{
    // Names that leave room for four columns of flips.
    private const int LongestName = 12;

    public static void Write(IAnsiConsole console, ReproductionResult result, string page, TimeSpan elapsed)
    {
        Reproduction reproduction = result.Reproduction;
        console.WriteSentence(result.Experiment.Title);
        if (reproduction.ConditionalOnLambda)
            console.WriteSentence("Conditional on λ, which the paper’s rule computes from the labels.");
        if (reproduction.Series.Count > 0)
        {
            console.Write(SeriesTable(reproduction.Series));
            string constants = string.Join(", ", reproduction.Panels.Select(panel => Format.Percent(panel.ConstantAccuracy)).Distinct());
            console.WriteSentence($"Predicting the commonest class of the test rows for every row: {constants}.");
        }

        if (reproduction.Claims.Count > 0)
            console.Write(ClaimTable(reproduction.Claims));
        console.WriteSentence(reproduction.Lead);
        console.WriteSentence($"{Format.Seconds(elapsed)}. The figure, with all data behind it: {page}");
    }

    private static Table SeriesTable(IReadOnlyList<Series> all)
    {
        int[] flips = FlipsToShow(all);
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("series").NoWrap())
            .AddColumn(new TableColumn("q").RightAligned().NoWrap());
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
            table.AddRow(ConsoleText.Whole(claim.What), ConsoleText.Whole(claim.Paper), ConsoleText.Whole(claim.Here));
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

/// <summary>
/// The numbers of a reproduction: every curve as its steps, and a line for each. Fractions, not percent.
/// docs/command.md describes both files.
/// </summary>
internal static class ReproductionCsv
{
    /// <summary>
    /// <c>NAME.curve.csv</c>. Between two rows of a series the later one holds. Where the figure is of margins, the
    /// last column is the margin that certifies so many flips.
    /// </summary>
    public static void WriteCurves(TextWriter writer, Reproduction reproduction) => new Csv(writer).Write(
        ["series", "noise", "flips", "certified_accuracy"],
        [
            .. from series in reproduction.Series
               from flips in series.Curve.Steps
               select (string[])[series.Name, Csv.Text(series.Noise), Csv.Text(flips), Csv.Text(series.Curve.At(flips))],
            .. from curve in reproduction.Margins
               from flips in Enumerable.Range(0, curve.Margins.Count)
               select (string[])[curve.Name, Csv.Text(curve.Noise), Csv.Text(flips), Csv.Text(curve.Margins[flips])],
        ]);

    /// <summary><c>NAME.summary.csv</c>. A row that is wrong or not certified counts as radius 0.</summary>
    public static void WriteSummary(TextWriter writer, Reproduction reproduction) => new Csv(writer).Write(
        ["series", "noise", "clean_accuracy", "commonest_class_accuracy", "median_radius"],
        [
            .. reproduction.Series.Select(series => (string[])
            [
                series.Name,
                Csv.Text(series.Noise),
                Csv.Text(series.Curve.Accuracy),
                Csv.Text(reproduction.Panels.First(panel => panel.Series.Any(one => one.Title == series.Title)).ConstantAccuracy),
                Csv.Text(series.Curve.MedianRadius),
            ]),
            .. reproduction.Margins.Select(curve => (string[])[curve.Name, Csv.Text(curve.Noise), "", "", ""]),
        ]);
}

/// <summary><c>manifest.json</c>: what a reproduction was made from and how. docs/command.md describes it.</summary>
internal static partial class ReproductionManifest
{
    private static readonly JsonForm<Manifest> Form = new("reproduction", 1, ManifestTypes.Default);

    public static void Write(TextWriter writer, ReproductionResult result, DateTimeOffset started, TimeSpan elapsed)
    {
        writer.WriteLine(JsonText.Of(Form.Document(new Manifest(
            result.Experiment.Name,
            typeof(ReproductionManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            ChosenOf(result.Experiment, result.Options),
            result.Reproduction.ConditionalOnLambda,
            [.. result.Files.Select(file => new DataFile(file.File.Path, file.Sha256, file.IsKnown))],
            started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            elapsed.TotalSeconds))));
    }

    /// <summary>
    /// The options that make a difference to the experiment; where all rows or features are taken, no number.
    /// </summary>
    private static Chosen ChosenOf(IExperiment experiment, ExperimentOptions options)
    {
        bool Matters(string name) => experiment.Choices.Contains(name);
        int? Count(string name, int count) => Matters(name) && count != int.MaxValue ? count : null;
        return new Chosen(
            Matters(nameof(options.Ridge)) ? options.Ridge.Text : null,
            options.Noises,
            Count(nameof(options.Components), options.Components),
            Count(nameof(options.TestRows), options.TestRows),
            Count(nameof(options.AttackedRows), options.AttackedRows),
            Count(nameof(options.Epochs), options.Epochs),
            !Matters(nameof(options.TextMap)) ? null : options.TextMap == TextMap.LatentSemantics ? "latent-semantics" : "word-vectors",
            options.Seed,
            options.Threads);
    }

    /// <summary><c>manifest.json</c>.</summary>
    /// <param name="Experiment">The experiment.</param>
    /// <param name="Version">The version of the command, with its commit.</param>
    /// <param name="Options">The options that make a difference to it.</param>
    /// <param name="ConditionalOnLambda">
    /// Whether λ was computed from labels, so that radii hold only for a λ that is held fixed.
    /// </param>
    /// <param name="Data">The files that it was made from.</param>
    /// <param name="Started">When it started, in UTC.</param>
    /// <param name="Seconds">How long it took.</param>
    private sealed record Manifest(
        string Experiment, string Version, Chosen Options, bool ConditionalOnLambda, IReadOnlyList<DataFile> Data, string Started,
        double Seconds);

    /// <summary>The options of a reproduction; those that make no difference are left out.</summary>
    /// <param name="Ridge">The ridge rule.</param>
    /// <param name="Noise">The values of q.</param>
    /// <param name="Components">How many principal components.</param>
    /// <param name="TestRows">How many test rows, left out where all are taken.</param>
    /// <param name="AttackedRows">How many of them are attacked, likewise.</param>
    /// <param name="Epochs">How many times a network sees its images.</param>
    /// <param name="TextMap">How texts become features.</param>
    /// <param name="Seed">What all draws follow from.</param>
    /// <param name="Threads">How many threads worked.</param>
    private sealed record Chosen(
        string? Ridge, IReadOnlyList<double> Noise, int? Components, int? TestRows, int? AttackedRows, int? Epochs, string? TextMap,
        ulong Seed, int Threads);

    /// <summary>A file of raw data.</summary>
    /// <param name="Path">Its path in the folder of data.</param>
    /// <param name="Sha256">Its checksum.</param>
    /// <param name="Known">Whether it is the copy that documented numbers were made from.</param>
    private sealed record DataFile(string Path, string Sha256, bool Known);

    [JsonSerializable(typeof(Manifest))]
    private sealed partial class ManifestTypes : JsonSerializerContext;
}
