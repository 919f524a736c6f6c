namespace CertiFlip.Cli.Output;

/// <summary>Training rows that are held out to be predicted.</summary>
/// <param name="Share">What part of all rows was asked for.</param>
/// <param name="Seed">What the draw follows from.</param>
/// <param name="Rows">How many rows are held out.</param>
/// <param name="Of">Of how many.</param>
internal sealed record Holdout(double Share, ulong Seed, int Rows, int Of)
{
    /// <summary>Where the test rows come from.</summary>
    public string Sentence =>
        $"The test rows are {Rows:N0} of {Of:N0} rows, held out at random (seed {Seed}) without a look at their labels. Those labels may "
            + "be wrong, too.";
}
