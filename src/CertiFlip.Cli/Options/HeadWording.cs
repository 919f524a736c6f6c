using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Options;

/// <summary>What a setting says of its head.</summary>
internal static class HeadWording
{
    /// <summary>How certificates were made, with what there is to say of the head.</summary>
    /// <param name="setting">All else.</param>
    /// <param name="choice">The head.</param>
    /// <param name="head">The same as fitted, where there is one.</param>
    public static Setting With(this Setting setting, HeadChoice choice, IHead? head = null)
    {
        HeadValues values = choice.Values(head);
        return setting with
        {
            Head = choice.Text,
            Ridge = values.Ridge,
            Lambda = values.Lambda,
            Intercept = values.Intercept,
            Gain = values.Gain,
            Offset = values.Offset,
            Lift = values.Lift,
            Levels = values.Levels,
            Bound = values.Bound,
            Neighbours = values.Neighbours,
            Bandwidth = values.Bandwidth,
        };
    }
}
