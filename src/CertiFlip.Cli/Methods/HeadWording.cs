using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Methods;

/// <summary>Heads in words and in values.</summary>
internal static class HeadWording
{
    /// <summary>The head of a whole classifier, with what fitting it found out.</summary>
    public static string InWords(this HeadChoice choice, IHead head) => head switch
    {
        RidgeHead ridge => $"ridge {choice.Ridge.Text}, λ = {ridge.Lambda:G6}, {choice.Intercept.InWords()}",
        SaturatedRidgeHead saturated => $"saturated ridge {choice.Ridge.Text}, λ = {saturated.Lambda:G6}, {choice.Saturation.InWords()}",
        KernelSmootherHead kernel => $"Gaussian kernel of bandwidth {kernel.Bandwidth:G6}",
        NearestNeighboursHead nearest => InWords(nearest.Neighbours),
        _ => choice.InWords(),
    };

    /// <summary>The head that is fitted to every part by itself.</summary>
    public static string InWords(this HeadChoice choice) => choice switch
    {
        { HasIntercept: true } => $"ridge {choice.Ridge.Text}, {choice.Intercept.InWords()}",
        { HasSaturation: true } => $"saturated ridge {choice.Ridge.Text}, {choice.Saturation.InWords()}",
        { Neighbours: { } neighbours } => InWords(neighbours),
        { Bandwidth: { } bandwidth } => $"a Gaussian kernel of bandwidth {bandwidth:G6}",
        _ => "a Gaussian kernel of a bandwidth of its own",
    };

    /// <summary>How certificates were made, with what there is to say of the head.</summary>
    /// <param name="setting">All else.</param>
    /// <param name="choice">The head.</param>
    /// <param name="head">The same as fitted, where there is one.</param>
    public static Setting With(this Setting setting, HeadChoice choice, IHead? head = null) => setting with
    {
        Head = choice.Text,
        Ridge = choice.HasRidge ? choice.Ridge.Text : null,
        Lambda = (head as RidgeHead)?.Lambda ?? (head as SaturatedRidgeHead)?.Lambda,
        Intercept = choice.HasIntercept ? choice.Intercept == Intercept.Fitted : null,
        Gain = choice.HasSaturation ? choice.Saturation.Gain : null,
        Offset = choice.HasSaturation ? choice.Saturation.Offset : null,
        Neighbours = choice.Neighbours,
        Bandwidth = (head as KernelSmootherHead)?.Bandwidth ?? choice.Bandwidth,
    };

    private static string InWords(int neighbours) => neighbours == 1 ? "the nearest neighbour" : $"{neighbours:N0} nearest neighbours";

    private static string InWords(this SaturationOptions saturation) =>
        $"gain {saturation.Gain}, offset {(saturation.Offset is { } offset ? $"{offset}" : "auto")}";
}
