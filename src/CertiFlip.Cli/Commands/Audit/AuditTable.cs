using CertiFlip.Auditing;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>What <c>audit</c> prints: the labels to check, why, and what is gained when they turn out to be right.</summary>
internal static class AuditTable
{
    public static void Write(IAnsiConsole console, AuditResult result, int threads, TimeSpan elapsed)
    {
        console.WriteLine(result.DataInWords());
        console.WriteLine(result.Setting.Sentence);
        if (AdversaryWording.Sentence(result.Data) is { } adversary)
            console.WriteLine(adversary);
        if (result.Setting.ConditionalOnLambda)
            console.WriteLine("Conditional on λ: it was computed from the labels, and no radius covers an adversary who moves it.");
        console.WriteLine(result.Contradicted());
        console.WriteLine();
        console.Write(TableOf(result));
        console.WriteLine(result.MeanRadii());
        console.WriteLine($"perhaps: what the row looks like without its label. lead: by how much that is ahead. against: {result.AnyOthers()} leave it ahead. witnesses: smallest witnesses that the label is in. gain: what it adds to the sum of the radii if it alone is known to be right.");
        console.WriteLine(Heading.Time(elapsed, threads));
    }

    private static Table TableOf(AuditResult result)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string heading in (string[])["check", "row"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        table.AddColumn("label").AddColumn("perhaps");
        foreach (string heading in (string[])["lead", "against", "witnesses", "gain"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        foreach ((int index, Suggestion suggestion) in result.Audit.Suggestions.Index())
        {
            bool isContradicted = suggestion.IsContradicted();
            table.AddRow(
                $"{index + 1}",
                $"{suggestion.Row}",
                Markup.Escape(result.Data.Training.Labels[suggestion.Row]),
                isContradicted ? Markup.Escape(result.Data.Classes[suggestion.SuggestedClass]) : "",
                isContradicted ? $"{suggestion.Lead:F2}" : "",
                isContradicted ? $"{suggestion.ContradictionRadius:N0}" : "",
                $"{suggestion.WitnessCount:N1}",
                $"{suggestion.RadiusGain:N0}");
        }

        return table;
    }
}
