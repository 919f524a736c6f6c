using System.Reflection;
using CertiFlip.Cli.Output;
using CertiFlip.Paper;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary><c>manifest.json</c>: what a reproduction was made from and how. docs/command.md describes it.</summary>
internal static class ReproductionManifest
{
    public static void Write(TextWriter writer, ReproductionResult result, DateTimeOffset started, TimeSpan elapsed)
    {
        writer.WriteLine(JsonText.Of(new Manifest(
            result.Experiment.Name,
            typeof(ReproductionManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            ChosenOf(result.Experiment, result.Options),
            result.Reproduction.ConditionalOnLambda,
            [.. result.Files.Select(file => new DataFile(file.File.Path, file.Sha256, file.IsKnown))],
            started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            elapsed.TotalSeconds)));
    }

    /// <summary>The options that make a difference to the experiment; where all rows or features are taken, no number.</summary>
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

    private sealed record Manifest(
        string Experiment, string Version, Chosen Options, bool ConditionalOnLambda, IReadOnlyList<DataFile> Data, string Started, double Seconds);

    private sealed record Chosen(
        string? Ridge, IReadOnlyList<double> Noise, int? Components, int? TestRows, int? AttackedRows, int? Epochs, string? TextMap, ulong Seed, int Threads);

    private sealed record DataFile(string Path, string Sha256, bool Known);
}
