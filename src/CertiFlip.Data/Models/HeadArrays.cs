using CertiFlip.Heads;

namespace CertiFlip.Data.Models;

/// <summary>
/// A head among the arrays of a model file: how it was chosen, and what fitting computed of the training features. Of nearest neighbours that is nothing, of a kernel its bandwidth: those heads are their training features.
/// </summary>
internal static class HeadArrays
{
    public static void Add(StoredModel stored, HeadChoice choice, IHead head)
    {
        stored.Add("head", [choice.Text]);
        if (choice.HasRidge)
            stored.Add("ridge", [choice.Ridge.Text]);
        if (choice.HasIntercept)
            stored.Add("intercept", [(int)choice.Intercept]);
        if (choice.HasSaturation)
            stored.Add("saturation", choice.Saturation.Offset is { } offset ? [choice.Saturation.Gain, offset] : [choice.Saturation.Gain]);
        switch (head)
        {
            case RidgeHead ridge:
                RidgeStateArrays.Add(stored, ridge.GetState());
                break;
            case SaturatedRidgeHead saturated:
                RidgeStateArrays.Add(stored, saturated.GetState());
                break;
            case KernelSmootherHead kernel:
                stored.Add("bandwidth", [kernel.Bandwidth]);
                break;
        }
    }

    /// <summary>The head as it was written.</summary>
    /// <exception cref="ArgumentException">There is no such head.</exception>
    public static HeadChoice ReadChoice(StoredModel stored)
    {
        string text = stored.Texts("head").Single();
        HeadChoice choice = HeadChoice.TryParse(text) ?? throw new ArgumentException($"There is no head {DataException.Quote(text)}.");
        if (choice.HasRidge)
            choice = choice with { Ridge = RidgeChoice.TryParse(stored.Texts("ridge").Single()) ?? throw new ArgumentException("There is no such ridge rule.") };
        if (choice.HasIntercept)
            choice = choice with { Intercept = (Intercept)stored.Integers("intercept").Single() };
        return choice.HasSaturation ? choice with { Saturation = ReadSaturation(stored.Doubles("saturation")) } : choice;
    }

    /// <summary>The head itself.</summary>
    /// <exception cref="ArgumentException">What the file holds cannot be of this head on these features.</exception>
    public static IHead Read(StoredModel stored, HeadChoice choice, FeatureMatrix features, RidgeRule rule, ParallelOptions? parallel) => choice switch
    {
        { HasSaturation: true } => SaturatedRidgeHead.FromState(features, rule, choice.Saturation, RidgeStateArrays.Read(stored, Intercept.Fitted), parallel),
        { HasRidge: true } => RidgeHead.FromState(features, rule, RidgeStateArrays.Read(stored, choice.Intercept), parallel),
        { Neighbours: { } neighbours } => NearestNeighboursHead.Fit(features, neighbours, parallel),
        _ => KernelSmootherHead.Fit(features, ReadBandwidth(stored, choice), parallel),
    };

    private static SaturationOptions ReadSaturation(double[] numbers) => numbers switch
    {
        [var gain] => new SaturationOptions { Gain = gain },
        [var gain, var offset] => new SaturationOptions { Gain = gain, Offset = offset },
        _ => throw new ArgumentException($"There are {numbers.Length} numbers of gain and offset."),
    };

    private static double ReadBandwidth(StoredModel stored, HeadChoice choice)
    {
        double bandwidth = stored.Doubles("bandwidth").Single();
        return choice.Bandwidth is { } given && given != bandwidth ? throw new ArgumentException($"The bandwidth of {choice.Text} is {bandwidth}.") : bandwidth;
    }
}
