using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Report;

/// <summary>The data, how certificates were made, and what each of them is.</summary>
internal static class SettingSection
{
    /// <param name="data">The data.</param>
    /// <param name="settings">How certificates were made.</param>
    /// <param name="certificates">Certificates, each in a sentence.</param>
    public static ReportSection Of(RunData data, IReadOnlyList<Setting> settings, IReadOnlyList<(string Name, string Text)> certificates) =>
        new("setting", "Data and method", "What was certified", Html.Of($"""
            <p>Labels: {data.ClassesInWords}.
            {data.TrainingInWords} from {Path.GetFileName(data.Training.Source)}{Tests(data)}.
            {string.Join(" ", Sentences(data, settings))}</p>
            <dl>
            {certificates.Select(certificate => Html.Of($"<dt>{certificate.Name}</dt><dd>{certificate.Text}</dd>\n"))}</dl>
            {LongNames(data)}
            """));

    private static string Tests(RunData data) => data.IsLeaveOneOut
        ? ""
        : $"; {Wording.Count(data.Test.Features.Rows, "test row")} from {Path.GetFileName(data.Test.Source)}";

    /// <summary>The classes whose names are cut elsewhere.</summary>
    public static Html LongNames(RunData data)
    {
        string[] cut = [.. data.Classes.Where(name => Wording.Name(name) != ShownText.Escape(name))];
        return cut.Length == 0 ? Html.Empty : Html.Of($"""
            <details>
            <summary>Long class names in full</summary>
            <ul>
            {cut.Select(name => Html.Of($"<li>{name}</li>\n"))}</ul>
            </details>

            """);
    }

    private static IEnumerable<string> Sentences(RunData data, IReadOnlyList<Setting> settings) =>
        settings.Select(setting => setting.Sentence).Prepend(VerifiedWording.Sentence(data.Training))
            .Prepend(VoteWording.Sentence(data.Training))
            .Prepend(data.OriginOfRows).Append(AdversaryWording.Sentence(data))
            .OfType<string>().Distinct();
}
