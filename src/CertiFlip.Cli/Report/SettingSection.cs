using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report.Markup;

namespace CertiFlip.Cli.Report;

/// <summary>The data, how certificates were made, and what each of them is.</summary>
internal static class SettingSection
{
    /// <param name="problem">The data.</param>
    /// <param name="settings">How certificates were made.</param>
    /// <param name="certificates">Certificates, each in a sentence.</param>
    public static ReportSection Of(Problem problem, IReadOnlyList<Setting> settings, IReadOnlyList<(string Name, string Text)> certificates) =>
        new("setting", "Data and method", "What was certified", Html.Of($"""
            <p>Labels: {problem.ClassesInWords}. {problem.Training.Features.Rows:N0} training rows with {problem.Training.Features.Columns:N0} features from {Path.GetFileName(problem.Training.Source)}; {problem.Test.Features.Rows:N0} test rows from {Path.GetFileName(problem.Test.Source)}.
            {string.Join(" ", [.. settings.Select(setting => setting.Sentence).Distinct(), .. AdversaryWording.Sentence(problem) is { } adversary ? [adversary] : (string[])[]])}</p>
            <dl>
            {certificates.Select(certificate => Html.Of($"<dt>{certificate.Name}</dt><dd>{certificate.Text}</dd>\n"))}</dl>

            """));
}
