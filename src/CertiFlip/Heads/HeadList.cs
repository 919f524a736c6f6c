namespace CertiFlip.Heads;

/// <summary>Every head, by name. A new head is one more entry.</summary>
public static class HeadList
{
    private static HeadChoice[] Heads => field ??=
    [
        new RidgeHeadChoice(), new SaturatedRidgeHeadChoice(), new BoundedRidgeHeadChoice(), new TwoMeansHeadChoice(),
        new TemperedRidgeHeadChoice(), new HierarchyHeadChoice(), new PairsHeadChoice(), new NearestNeighboursHeadChoice(),
        new KernelHeadChoice(),
    ];

    extension(HeadChoice)
    {
        /// <summary>Every head there is, with its defaults.</summary>
        public static IReadOnlyList<HeadChoice> All => Heads;

        /// <summary>The default, <c>ridge</c>.</summary>
        public static HeadChoice Default => new RidgeHeadChoice();

        /// <summary>How heads are written: <c>ridge, …, kernel, or kernel:H with H &gt; 0</c>.</summary>
        public static string Forms
        {
            get
            {
                string[] forms = [.. Heads.SelectMany(choice => choice.Parameter is { } parameter
                    ? (string[])[choice.Name, $"{choice.Name}:{parameter.Symbol} with {parameter.Range}"]
                    : [choice.Name])];
                return $"{string.Join(", ", forms[..^1])}, or {forms[^1]}";
            }
        }

        /// <summary>
        /// Reads a head as <see cref="HeadChoice.Text"/> is written, such as <c>ridge</c> or <c>knn:7</c>.
        /// </summary>
        /// <param name="text">What the user wrote.</param>
        /// <returns>The head, with its defaults for the rest, or null where there is none such.</returns>
        public static HeadChoice? TryParse(string text)
        {
            ArgumentNullException.ThrowIfNull(text);
            return Heads.Select(choice => choice.TryRead(text)).FirstOrDefault(choice => choice is not null);
        }
    }
}
