namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>What may be concluded from a frontier, for the foot of the table and for the page.</summary>
internal static class ChoiceText
{
    public const string Frontier =
        "On the frontier: no other setting is at least as good in both accuracy and median r, and better in one of them.";

    public const string Radii =
        "Radii are exact, and hold for each setting held fixed: no head looked at a label. In the median, a wrong row counts as 0.";

    public const string Choice =
        "The guarantee is void for a setting that was chosen by looking at suspect labels. The validation labels must be trusted; and where the training labels are suspect they have a say in these numbers too: somebody who flips them can make another setting look best, and no radius covers that. So choose on trusted rows alone, by --train and --validation; what certify says of other labels and rows with that setting then holds.";

    public const string Optimism = "Accuracy on the rows that chose a setting is optimistic: measure it on others.";
}
