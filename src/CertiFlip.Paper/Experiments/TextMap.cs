namespace CertiFlip.Paper.Experiments;

/// <summary>How texts become features.</summary>
public enum TextMap
{
    /// <summary>Singular vectors of tf-idf, learned from the training texts alone.</summary>
    LatentSemantics,

    /// <summary>The mean of word vectors that were trained elsewhere: the paper's choice.</summary>
    WordVectors,
}
